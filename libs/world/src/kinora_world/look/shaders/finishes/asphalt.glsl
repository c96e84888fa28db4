void finish(inout Surface s) {
    vec4 n = noise(box_face(s) * 3.0);
    s.albedo *= 0.7 + 0.6 * tone(n.a);
}
