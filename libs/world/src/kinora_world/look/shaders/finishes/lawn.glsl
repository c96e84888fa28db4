void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.05), fine = noise(s.world.xy * 0.8), blades = noise(s.world.xy * vec2(3.1, 1.3));
    vec3 grass = mix(vec3(0.075, 0.165, 0.03), vec3(0.16, 0.25, 0.055), tone(n.r));
    s.albedo = grass * (0.66 + 0.4 * tone(fine.g) + (STYLE == 0 ? 0.3 * blades.a : 0.12));
    s.roughness = 0.95;
    s.occlusion = 1.0;
    s.wrap = 0.15;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(blades.a - 0.5, fine.g - 0.5, 0) * 0.5);
}
