void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 5.0 + s.local.y * 3.0);
    s.albedo *= 0.72 + 0.45 * tone(n.a);
    s.normal = normalize(s.normal + (n.gag - 0.5) * 0.35);
    s.roughness = 1.0;
    s.sheen = 0.9;
    s.wrap = 0.35;
}
