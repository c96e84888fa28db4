// Shelves of packets and tins, 40 cm apart.
void finish(inout Surface s) {
    vec2 at = box_face(s);
    float row = floor(at.y / 0.4), up = fract(at.y / 0.4);
    float u = at.x / 0.15 + row * 3.7;
    vec4 kind = noise(vec2(floor(u / 3.0) * 0.173, row * 0.31)), own = noise(vec2(floor(u) * 0.091, row * 0.57));
    vec3 c = mix(mix(vec3(0.62, 0.1, 0.07), vec3(0.75, 0.5, 0.06), step(0.45, kind.a)), mix(vec3(0.07, 0.28, 0.5), vec3(0.16, 0.42, 0.16), step(0.5, kind.g)), step(0.5, kind.r));
    float tall = 0.5 + 0.38 * kind.b;
    float pack = inside(abs(fract(u) - 0.5) - 0.43) * inside(up - tall) * step(0.1, up);
    c = mix(c, vec3(0.86), inside(max(abs(fract(u) - 0.5) - 0.3, abs(up - tall * 0.55) - 0.09)) * (0.6 + 0.4 * own.a));
    float side = step(abs(s.local_normal.z), 0.5);
    vec3 all = mix(vec3(0.1, 0.1, 0.11), c, pack);
    all = mix(vec3(0.72, 0.72, 0.7), all, step(0.1, up));
    s.albedo = mix(s.albedo, all, side);
    s.roughness = 0.5;
}
