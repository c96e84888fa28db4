void finish(inout Surface s) {
    float around = atan(s.local.z, s.local.y) / 6.28318 * 11.0;
    float wave = noise(vec2(s.local.x * 1.4, floor(around) * 0.13)).g * 0.5;
    s.albedo = mix(s.albedo, s.albedo * vec3(0.2, 0.28, 0.25), smoothstep(0.32, 0.2, abs(fract(around + wave) - 0.5)));
    s.roughness = 0.3;
}
