void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.045), fine = noise(s.world.xy * 0.8), blades = noise(s.world.xy * vec2(3.1, 1.3));
    vec3 grass = mix(vec3(0.085, 0.165, 0.03), vec3(0.2, 0.27, 0.06), tone(n.r));
    grass = mix(grass, vec3(0.29, 0.29, 0.1), 0.35 * smoothstep(0.6, 0.9, n.g) * tone(fine.r));
    grass *= 0.62 + 0.42 * tone(fine.g) + (STYLE == 0 ? 0.3 * blades.a : 0.12);
    float middle = 5.3 + 0.9 * sin(s.world.x * 0.23 + 0.5);
    float path = abs(s.world.y - middle) - 0.85 - 0.22 * (noise(s.world.xy * 0.12).g - 0.5);
    vec3 gravel = vec3(0.46, 0.38, 0.27) * (0.7 + 0.35 * tone(fine.g) + 0.25 * (blades.a - 0.5));
    s.albedo = mix(grass, gravel, STYLE == 0 ? smoothstep(0.14, -0.1, path + (fine.a - 0.5) * 0.2) : inside(path));
    s.albedo *= 1.0 - 0.25 * smoothstep(0.2, 0.0, abs(path));
    s.roughness = 0.95;
    s.occlusion = 1.0;
    s.wrap = 0.15;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(blades.a - 0.5, fine.g - 0.5, 0) * 0.5);
}
