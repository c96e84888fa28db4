// Blocks of stone in courses.
void finish(inout Surface s) {
    vec2 at = box_face(s) / vec2(0.62, 0.31);
    at.x += 0.5 * mod(floor(at.y), 2.0);
    vec2 f = abs(fract(at) - 0.5);
    vec4 own = noise(floor(at) * 0.137), n = noise(at * 0.6);
    float joint = max(stripe(0.5 - f.x, 0.02), stripe(0.5 - f.y, 0.035));
    s.albedo *= (0.72 + 0.45 * own.a) * (0.75 + 0.4 * tone(n.g)) * (1.0 - 0.5 * joint);
    if (STYLE == 0) s.normal = normalize(s.normal + (n.gar - 0.5) * 0.35);
    s.roughness = 0.95;
}
