void finish(inout Surface s) {
    vec2 at = box_face(s);
    vec4 n = noise(at * vec2(0.4, 6.0)), m = noise(at * vec2(5.0, 0.6));
    s.albedo *= 0.25 + 0.85 * tone(n.a) + 0.5 * tone(m.a);
    if (STYLE == 0) s.normal = normalize(s.normal + (n.aga - 0.5) * 0.5);
    s.roughness = 1.0;
}
