// Upright boards, 18 cm wide.
void finish(inout Surface s) {
    vec2 at = vec2(abs(s.local_normal.x) > 0.5 ? s.local.y : s.local.x, s.local.z) / vec2(0.18, 1.0);
    vec4 own = noise(vec2(floor(at.x) * 0.173, 0.3)), n = noise(vec2(at.x * 1.3, at.y * 0.25 + own.r));
    float gap = stripe(abs(fract(at.x) - 0.5) - 0.5, 0.035);
    s.albedo *= (0.75 + 0.4 * own.a) * (0.75 + 0.4 * tone(n.g)) * (1.0 - 0.7 * gap);
    s.roughness = 0.85;
}
