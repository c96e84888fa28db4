void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 1.7 + s.local.y * 1.1);
    s.albedo *= 0.65 + 0.6 * tone(n.g);
    s.normal = normalize(s.normal + (n.gar - 0.5) * 0.55);
    s.roughness = 0.95;
}
