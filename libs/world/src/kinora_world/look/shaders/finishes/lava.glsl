// Crusts of cold rock afloat on glowing melt.
void finish(inout Surface s) {
    vec2 at = s.world.xy * 0.06;
    vec4 n = noise(at + vec2(time * 0.0015, 0)), fine = noise(at * 5.0);
    float crack = abs(n.r - 0.5) + 0.35 * abs(n.g - 0.5) + 0.16 * (fine.g - 0.5);
    float hot = smoothstep(0.26, 0.05, crack);
    s.albedo = vec3(0.04, 0.034, 0.032) * (0.6 + 0.8 * tone(fine.r));
    s.glow = mix(vec3(0.9, 0.1, 0.01), vec3(2.2, 1.1, 0.2), hot * hot) * hot * s.albedo.r * 30.0;
    s.normal = normalize(s.normal + vec3(fine.gr - 0.5, 0) * 0.8);
    s.roughness = 0.9;
    s.occlusion = 1.0;
}
