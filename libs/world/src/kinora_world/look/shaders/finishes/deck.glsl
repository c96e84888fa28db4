// Metal plates with seams, and here and there a lit strip.
void finish(inout Surface s) {
    vec2 at = box_face(s) / vec2(1.2, 0.9);
    vec2 f = abs(fract(at) - 0.5);
    vec4 own = noise(floor(at) * 0.173), n = noise(at * 0.7);
    float seam = max(stripe(0.5 - f.x, 0.01), stripe(0.5 - f.y, 0.013));
    float inner = inside(abs(max(f.x, f.y) - 0.36) - 0.004);
    s.albedo *= (0.85 + 0.25 * own.a) * (0.92 + 0.14 * tone(n.g));
    s.albedo *= 1.0 - 0.6 * seam - 0.3 * inner * step(0.5, own.g);
    s.glow = vec3(0.25, 0.75, 1.0) * inside(max(f.x - 0.3, f.y - 0.02)) * step(0.72, own.r) * 0.7;
    s.metal = STYLE == 0 ? 0.3 : 0.0;
    s.roughness = 0.35 + 0.2 * n.r;
}
