// Rock with snow on what is high and not too steep.
void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 2.2 / s.size.x), fine = noise(s.local.xy * 7.0 / s.size.x);
    float up = s.local.z / s.size.y * 0.5 + 0.5 + 0.16 * (n.r - 0.5) + 0.1 * (fine.g - 0.5);
    vec3 rock = s.albedo * (0.65 + 0.45 * tone(fine.r) + 0.3 * (n.g - 0.5));
    rock = mix(vec3(0.1, 0.15, 0.07) * (0.7 + 0.6 * fine.r), rock, smoothstep(0.05, 0.28, up));
    float snow = smoothstep(0.42, 0.5, up) * smoothstep(0.25, 0.5, s.normal.z + 0.25 * (fine.a - 0.5) + 0.25 * up);
    s.albedo = mix(rock, vec3(0.86, 0.9, 0.96), snow);
    s.roughness = 1.0;
    s.occlusion = 1.0;
}
