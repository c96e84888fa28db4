// Waves roll in, break into foam and run up the sand.
void finish(inout Surface s) {
    float run = 0.28 * sin(time * 0.9 + noise(vec2(s.world.x * 0.02, 0.1)).r * 6.0);
    float shore = s.world.y - 4.9 - 0.5 * (noise(vec2(s.world.x * 0.02, 0.4)).r - 0.5) + run - 0.35;
    if (shore < -0.25) discard;
    vec4 slow = noise(s.world.xy * vec2(0.021, 0.034) + vec2(time * 0.006, -time * 0.012));
    vec4 quick = noise(s.world.xy * vec2(0.11, 0.2) + vec2(-time * 0.012, -time * 0.03));
    float away = length(s.world - eye);
    vec3 shallow = vec3(0.06, 0.36, 0.36), deep = vec3(0.005, 0.075, 0.17);
    float depth = 1.0 - exp(-max(shore, 0.0) * 0.09);
    s.albedo = mix(shallow, deep, depth) * (0.8 + 0.4 * tone(slow.r));
    // Of the waves one sees the sides that lean towards the eye: they mirror the sky higher up.
    vec2 lean = normalize(eye.xy - s.world.xy) * (0.05 + 0.16 * smoothstep(4.0, 30.0, away)) * (0.5 + slow.g);
    s.normal = normalize(vec3((slow.rg - 0.5) * 0.3 + (quick.rg - 0.5) * 0.34 / (1.0 + away * 0.02) + lean, 1.0));
    // Breakers: crests at growing distance, ragged along their length.
    float crest = sin((shore + slow.r * 5.0) * 0.62 + time * 0.8);
    float foam = smoothstep(0.86, 0.97, crest) * smoothstep(24.0, 4.0, shore) * smoothstep(0.35, 0.6, quick.g);
    float lace = smoothstep(1.5, 0.0, shore) * smoothstep(0.3 + shore * 0.25, 0.5 + shore * 0.25, quick.b + quick.r * 0.35);
    foam = clamp(max(foam, max(lace, smoothstep(0.22, 0.0, abs(shore + 0.02)))), 0.0, 1.0);
    s.albedo = mix(s.albedo, vec3(0.86, 0.9, 0.92), STYLE == 0 ? foam * 0.9 : step(0.45, foam));
    s.roughness = mix(0.12, 0.9, foam);
    s.alpha = clamp(0.25 + shore * 0.5 + foam, 0.0, 1.0) * smoothstep(-0.25, -0.1, shore);
    s.occlusion = 1.0;
#if STYLE == 0
    // The sun breaks into glints on the crests.
    vec3 between = normalize(normalize(eye - s.world) + key_direction);
    float sparkle = pow(max(dot(normalize(s.normal + vec3(noise(s.world.xy * 0.9 + time * 0.05).rg - 0.5, 0) * 0.5), between), 0.0), 260.0);
    s.glow = key_light * sparkle * 1.6 * (1.0 - foam) * (1.0 - overcast);
#endif
#if STYLE > 0
    float glint = step(0.8, quick.r) * step(0.6, slow.g) * smoothstep(2.0, 8.0, shore);
    s.glow = vec3(0.35) * glint * luma(key_light) * 0.5;
#endif
}
