// A screen with a window, a line of text and pictures; `local` runs over its face.
void finish(inout Surface s) {
    vec2 at = s.local.xz / max(s.size.xz, vec2(0.001));
    float face = step(0.5, -s.local_normal.y);
    vec3 c = mix(s.albedo * 0.55, s.albedo * 1.3, at.y * 0.5 + 0.5);
    float panel = inside(max(abs(at.x + 0.32) - 0.48, abs(at.y) - 0.62));
    c = mix(c, vec3(0.86, 0.88, 0.9), panel);
    float text = panel * step(0.5, fract(at.y * 5.0)) * step(abs(at.x + 0.36 + 0.1 * sin(floor(at.y * 5.0) * 2.3)), 0.34);
    c = mix(c, vec3(0.3, 0.34, 0.4), text * 0.75);
    float tile = inside(max(abs(at.x - 0.56) - 0.26, abs(abs(at.y) - 0.34) - 0.26));
    c = mix(c, mix(vec3(0.9, 0.45, 0.2), vec3(0.2, 0.6, 0.5), step(0.0, at.y)), tile);
    float on = face * inside(max(abs(at.x), abs(at.y)) - 0.93);
    s.albedo = vec3(0.012);
    s.glow = c * on * 0.75;
}
