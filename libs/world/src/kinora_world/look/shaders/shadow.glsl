uniform mat4 shadow_view;
uniform sampler2DShadow shadow_map;

// The share of the key light that gets to a point, its edge softened over so many texels of the map.
float reached(vec3 world, vec3 normal, float soft) {
    vec3 at = (shadow_view * vec4(world + normal * 0.02, 1)).xyz * 0.5 + 0.5;
    if (any(lessThan(at, vec3(0.002))) || any(greaterThan(at, vec3(0.998)))) return 1.0;
    at.z -= 0.0006;
    float e = soft / 1024.0;
    if (soft == 0.0) return textureLod(shadow_map, at, 0.0);
    return 0.25 * (textureLod(shadow_map, at + vec3(e, 0.4 * e, 0), 0.0) + textureLod(shadow_map, at + vec3(-0.4 * e, e, 0), 0.0)
        + textureLod(shadow_map, at + vec3(-e, -0.4 * e, 0), 0.0) + textureLod(shadow_map, at + vec3(0.4 * e, -e, 0), 0.0));
}
