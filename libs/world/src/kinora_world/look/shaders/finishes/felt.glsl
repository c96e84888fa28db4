void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 9.0 + s.local.y * 7.0);
    s.albedo *= 0.86 + 0.2 * tone(n.g);
    s.roughness = 1.0;
    s.sheen = 0.6;
    s.wrap = 0.15;
}
