// Sand under water, with a moving web of light.
void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.06), fine = noise(s.world.xy * 0.9);
    vec4 a = noise(s.world.xy * 0.09 + time * 0.012), b = noise(s.world.xy * 0.11 - time * 0.01);
    float web = smoothstep(0.12, 0.0, abs(a.r - b.g)) + 0.6 * smoothstep(0.1, 0.0, abs(a.g - b.r));
    float wave = sin(s.world.y * 4.0 + n.r * 14.0);
    s.albedo = s.albedo * (0.8 + 0.25 * tone(n.g) + 0.08 * wave + (STYLE == 0 ? 0.2 * (fine.a - 0.5) : 0.0));
    s.glow = key_light * s.albedo * web * 0.28;
    s.roughness = 0.9;
    s.occlusion = 1.0;
}
