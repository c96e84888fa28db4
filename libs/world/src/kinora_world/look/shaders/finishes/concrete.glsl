void finish(inout Surface s) {
    vec4 n = noise(box_face(s) * 0.8);
    s.albedo *= 0.8 + 0.3 * tone(n.g);
    s.roughness = 0.9;
}
