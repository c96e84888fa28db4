// What weather leaves on things: a film of water, snow on what faces up.
uniform float wet;
uniform float snow;

#ifdef SNOW
void weather(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.11 + s.world.z * 0.07), fine = noise(s.world.xy * 0.9);
    float slope = s.normal.z + (fine.r - 0.5) * 0.45;
    float lies = STYLE == 0 ? smoothstep(0.3, 0.62, slope) : smoothstep(0.42, 0.48, slope);
    if (s.world.z < 0.02) {   // on the ground, grass and stones show through where it is thin
        lies = 1.0 - smoothstep(0.62, 0.86, n.g * 0.6 + fine.g * 0.4) * 0.55;
        if (STYLE == 0) s.normal = normalize(s.normal + vec3(n.rg - 0.5, 0) * 0.5 + vec3(fine.rg - 0.5, 0) * 0.25);
    }
    lies *= snow;
    vec3 flakes = vec3(0.8, 0.84, 0.92) * (STYLE == 0 ? 1.0 : 0.8) * (0.9 + 0.14 * tone(n.r));
    s.albedo = mix(s.albedo, flakes, lies);
    s.roughness = mix(s.roughness, 0.92, lies);
    s.metal *= 1.0 - lies;
    s.glow *= 1.0 - lies;
    s.wrap = mix(s.wrap, 0.35, lies);
    s.occlusion = mix(s.occlusion, max(s.occlusion, 0.8), lies);
}
#endif

#ifdef WET
void weather(inout Surface s) {
    float up = max(s.normal.z, 0.0);
    s.albedo *= mix(1.0, 0.48, wet * (0.4 + 0.6 * up));
    s.roughness *= mix(1.0, 0.55, wet * (0.3 + 0.7 * up));
}
#endif
