void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * vec2(0.09, 0.12)), fine = noise(s.world.xy * 1.3), ripple = noise(vec2(s.world.x * 0.14, s.world.y * 0.9));
    float shore = 4.9 + 0.5 * (noise(vec2(s.world.x * 0.02, 0.4)).r - 0.5);
    float wet = smoothstep(shore - 1.1, shore + 0.1, s.world.y + (n.r - 0.5) * 0.5);
    s.albedo = mix(vec3(0.5, 0.37, 0.22), vec3(0.6, 0.47, 0.3), tone(n.r)) * (0.8 + 0.18 * tone(ripple.g) + (STYLE == 0 ? 0.16 * fine.a : 0.1));
    s.albedo *= mix(1.0, 0.5, wet);
    if (STYLE == 0) s.albedo *= 0.8;
    s.roughness = mix(0.95, 0.3, wet);
    s.occlusion = 1.0;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3((fine.ag - 0.5) * 0.3 + (ripple.g - 0.5) * vec2(0.1, 0.45), 0) * (1.0 - wet * 0.8));
}
