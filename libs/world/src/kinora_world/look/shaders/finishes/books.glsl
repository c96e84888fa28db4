// Shelves of books, 34 cm apart.
void finish(inout Surface s) {
    vec2 at = box_face(s);
    float row = floor(at.y / 0.34), up = fract(at.y / 0.34);
    float u = at.x / 0.045 + row * 7.3;
    vec4 own = noise(vec2(floor(u) * 0.173, row * 0.31)), more = noise(vec2(floor(u) * 0.091, row * 0.57));
    float side = step(abs(s.local_normal.z), 0.5);
    vec3 cover = mix(mix(vec3(0.24, 0.05, 0.04), vec3(0.05, 0.09, 0.2), step(0.4, own.a)), mix(vec3(0.08, 0.16, 0.08), vec3(0.5, 0.36, 0.18), step(0.5, own.g)), step(0.5, more.a));
    cover *= 0.7 + 0.6 * own.b;
    float book = inside(abs(fract(u) - 0.5) - 0.46) * inside(up - 0.62 - 0.28 * own.r) * step(0.07, up);
    float band = step(abs(up - 0.3), 0.03) * step(0.6, more.g);
    vec3 c = mix(vec3(0.035, 0.02, 0.012), mix(cover, vec3(0.6, 0.45, 0.15), band), book);
    c = mix(s.albedo, c, step(0.07, up));
    s.albedo = mix(s.albedo, c, side);
    s.roughness = 0.7;
}
