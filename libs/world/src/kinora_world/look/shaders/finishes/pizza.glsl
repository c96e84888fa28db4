void finish(inout Surface s) {
    float r = length(s.local.xy) / s.size.x;
    vec2 cell = floor(s.local.xy * 17.0), f = fract(s.local.xy * 17.0) - 0.5;
    vec4 dice = noise(cell * 0.173);
    float salami = inside(length(f - (dice.rg - 0.5) * 0.3) - 0.4) * step(0.4, dice.a) * step(r, 0.82);
    vec4 n = noise(s.local.xy * 1.6);
    vec3 c = mix(vec3(0.75, 0.18, 0.05), vec3(0.9, 0.66, 0.24), smoothstep(0.35, 0.6, n.g));
    c = mix(c, vec3(0.5, 0.06, 0.04), salami);
    c = mix(c, vec3(0.1, 0.3, 0.06), step(0.72, noise(s.local.xy * 4.0 + 0.4).b) * step(r, 0.8));
    s.albedo = mix(c, s.albedo, inside(0.9 - r));
    s.roughness = 0.5;
}
