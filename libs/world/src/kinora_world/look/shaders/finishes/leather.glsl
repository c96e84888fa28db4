void finish(inout Surface s) {
    vec2 at = on_cloth(s);
    vec4 n = noise(at * 7.0 + s.local.y * 5.0), crease = noise(vec2(at.x * 2.0, at.y * 1.4));
    s.albedo *= 0.8 + 0.2 * tone(n.g) + 0.12 * tone(crease.r);
#if STYLE == 0
    s.normal = normalize(s.normal + (n.gag - 0.5) * 0.16 + (crease.rgr - 0.5) * 0.3);
#endif
    s.roughness = 0.38;
}
