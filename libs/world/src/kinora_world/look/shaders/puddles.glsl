// Over wet ground: what stands around, and the sky, as water mirrors them: clear in puddles, drawn out downwards where it is only wet.
in vec3 world;
out vec4 pixel;
uniform mat4 view_projection;
uniform sampler2D mirror;    // the picture so far
uniform float wet;

float puddle(vec3 at) {
    float hollow = noise(at.xy * 0.05 + 0.37).r * 0.8 + noise(at.xy * 0.23).r * 0.2;
    return STYLE == 0 ? smoothstep(0.46, 0.6, hollow) : smoothstep(0.5, 0.515, hollow);
}

// What a mirrored ray meets after so many metres, and whether that is in the picture.
vec4 met(vec3 from, vec3 way, float metres) {
    vec4 there = view_projection * vec4(from + way * metres, 1);
    vec2 at = there.xy / there.w * 0.5 + 0.5;
    return vec4(textureLod(mirror, clamp(at, 0.0, 1.0), 0.0).rgb, smoothstep(1.0, 0.9, at.y));
}

void main() {
    float away = length(world - eye), deep = puddle(world);
    vec2 shiver = noise(world.xy * 1.4 + vec2(time * 0.21, -time * 0.17)).rg + noise(world.xy * 2.3 - time * 0.3).gr - 1.0;
    vec3 n = normalize(vec3(shiver * mix(0.16, 0.05, deep) / (1.0 + away * 0.04), 1.0));
    vec3 view = (eye - world) / away, way = reflect(-view, n);
    float grazing = 1.0 - clamp(dot(view, n), 0.0, 1.0);
    vec3 sky = pow(mix(fog_colour, sky_light, smoothstep(0.0, 0.7, way.z)), vec3(1.0 / 2.2));
    vec4 near = met(world, way, 1.6), middle = met(world, way, 4.0), far = met(world, way, 9.0);
    vec3 seen = mix(mix(sky, far.rgb, far.a), middle.rgb, middle.a * 0.5);
    seen = mix(seen, near.rgb, near.a * 0.3);
    float strength = (0.06 + 0.94 * pow(grazing, 3.0)) * mix(0.34, 0.95, deep) * wet;
    pixel = vec4(seen, clamp(strength, 0.0, 0.9));
}
