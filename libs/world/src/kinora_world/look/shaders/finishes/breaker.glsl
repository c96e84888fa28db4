// A wave that breaks: light comes through its thin top, foam is drawn up its face and tumbles from its crest.
void finish(inout Surface s) {
    float up = clamp(s.world.z / 1.5, 0.0, 1.0);
    vec4 slow = noise(vec2(s.world.x * 0.07 - time * 0.02, s.world.y * 0.1 + up * 0.2 - time * 0.09));
    vec4 drawn = noise(vec2(s.world.x * 0.33 - time * 0.05, up * 0.22 - time * 0.16 + s.world.y * 0.05));
    s.albedo = mix(vec3(0.01, 0.12, 0.2), vec3(0.09, 0.46, 0.43), up * up) * (0.75 + 0.45 * tone(slow.r));
    s.normal = normalize(s.normal + vec3(drawn.r - 0.5, 0.5 * (slow.g - 0.5), drawn.g - 0.5) * 0.45);
    float crest = smoothstep(0.86, 1.0, up + 0.45 * (slow.b - 0.5) + 0.2 * (drawn.a - 0.5));
    float veins = smoothstep(0.58, 0.68, drawn.b) * smoothstep(0.1, 0.5, up) * 0.8;
    float foot = smoothstep(0.2, 0.02, up) * smoothstep(0.4, 0.55, slow.a);
    float foam = clamp(max(crest, max(veins, foot)), 0.0, 1.0);
    s.albedo = mix(s.albedo, vec3(0.86, 0.9, 0.92), STYLE == 0 ? foam * 0.9 : step(0.45, foam));
    s.roughness = mix(0.14, 0.9, foam);
    s.occlusion = 1.0;
}
