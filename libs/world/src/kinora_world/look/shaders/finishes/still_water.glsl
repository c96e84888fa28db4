// Calm water: a lake where the colour is dark, a pool where it is light, with a web of light on its floor.
void finish(inout Surface s) {
    vec4 slow = noise(s.world.xy * 0.035 + vec2(time * 0.004, -time * 0.007)), quick = noise(s.world.xy * vec2(0.13, 0.2) + vec2(-time * 0.01, time * 0.014));
    float away = length(s.world - eye), light = smoothstep(0.25, 0.6, luma(s.albedo));
    float web = smoothstep(0.1, 0.0, abs(quick.r - slow.g + 0.02)) + smoothstep(0.08, 0.0, abs(quick.g - slow.r));
    s.albedo *= (1.0 - 0.5 * light) * (0.85 + 0.3 * tone(slow.r)) * (1.0 + 0.5 * web * light / (1.0 + away * 0.05));
    s.normal = normalize(vec3((slow.rg - 0.5) * 0.14 + (quick.rg - 0.5) * 0.2 / (1.0 + away * 0.05), 1.0));
    s.roughness = 0.2;
    s.occlusion = 1.0;
    float facing = max(dot(s.normal, normalize(eye - s.world)), 0.0);
    s.albedo = mix(s.albedo, sky_light * 0.6, pow(1.0 - facing, 4.0) * 0.45);
    s.alpha = mix(0.94, 0.82, light);
}
