void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.03), fine = noise(s.world.xy * 0.45), grain = noise(s.world.xy * 4.0);
    s.albedo = mix(vec3(0.5, 0.59, 0.74), vec3(0.72, 0.76, 0.82), tone(n.r)) * (0.9 + 0.16 * tone(fine.g));
    s.normal = normalize(s.normal + vec3(n.gr - 0.5, 0) * 0.6 + vec3(fine.ag - 0.5, 0) * 0.16);
    s.glow = vec3(0.5) * step(0.965, grain.a) * step(length(s.world - eye), 14.0) * luma(key_light) * 0.3;
    s.roughness = 0.8;
    s.occlusion = 1.0;
    s.wrap = 0.3;
}
