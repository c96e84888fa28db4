void finish(inout Surface s) {
    vec4 n = noise(s.local.xy * 0.35), fine = noise(s.local.xy * 2.6);
    s.albedo *= 0.8 + 0.16 * tone(n.r) + 0.18 * tone(fine.a);
    s.roughness = 1.0;
    s.sheen = 0.3;
    s.occlusion = 1.0;
}
