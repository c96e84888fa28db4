// Soil with moss, old leaves and small stones; the colour is that of the soil.
void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.05), fine = noise(s.world.xy * 0.6), grain = noise(s.world.xy * 2.1);
    vec3 soil = s.albedo * (0.65 + 0.4 * tone(fine.g) + (STYLE == 0 ? 0.4 * grain.a : 0.2));
    vec3 moss = mix(vec3(0.07, 0.12, 0.025), vec3(0.15, 0.19, 0.05), tone(fine.r)) * (0.8 + 0.4 * grain.a);
    moss = mix(moss, s.albedo * vec3(0.8, 1.3, 0.7), 0.45);
    s.albedo = mix(soil, moss, smoothstep(0.36, 0.58, n.r + 0.25 * (fine.r - 0.5)));
    s.albedo = mix(s.albedo, s.albedo * vec3(1.7, 1.25, 0.7), step(0.78, grain.g) * step(0.45, fine.b) * 0.7);
    s.roughness = 0.95;
    s.occlusion = 1.0;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(grain.ag - 0.5, 0) * 0.5);
}
