void finish(inout Surface s) {
    vec2 at = vec2(abs(s.local_normal.y) > abs(s.local_normal.x) ? s.local.x : s.local.y, s.local.z * 1.5) / vec2(0.26, 0.3);
    at.x += 0.5 * mod(floor(at.y), 2.0);
    vec2 f = fract(at);
    vec4 own = noise(floor(at) * 0.137);
    float calm = clamp(1.4 - fwidth(at.y), 0.0, 1.0);
    s.albedo *= (0.75 + 0.45 * own.a) * mix(0.8, 0.55 + 0.5 * f.y - 0.25 * step(0.9, abs(f.x - 0.5) * 2.0), calm);
    s.roughness = 0.85;
}
