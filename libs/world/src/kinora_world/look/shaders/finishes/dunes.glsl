// Wind-rippled sand or dust of any colour.
void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.035), fine = noise(s.world.xy * 1.2);
    float wave = s.world.y * 5.2 + s.world.x * 0.9 + (n.r + 0.4 * n.g) * 22.0;
    float ripple = sin(wave) * clamp(1.4 - fwidth(wave) * 0.7, 0.0, 1.0);
    s.albedo *= 0.86 + 0.28 * tone(n.r) + 0.06 * ripple + (STYLE == 0 ? 0.16 * (fine.a - 0.5) : 0.0);
    s.roughness = 0.95;
    s.occlusion = 1.0;
    s.normal = normalize(s.normal + vec3(0.05, 0.26, 0) * cos(wave) * clamp(1.2 - fwidth(wave), 0.0, 1.0) + vec3(n.gr - 0.5, 0) * 0.12);
}
