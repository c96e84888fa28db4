void finish(inout Surface s) {
    vec2 at = box_face(s);
    vec4 n = noise(at * 4.0);
    s.albedo *= 0.85 + 0.25 * tone(n.g);
    if (STYLE == 0) s.normal = normalize(s.normal + (n.gag - 0.5) * 0.22);
    s.roughness = 0.95;
    s.sheen = 0.5;
    s.wrap = 0.15;
}
