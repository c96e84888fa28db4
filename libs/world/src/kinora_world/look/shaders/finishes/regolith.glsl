// Dust with craters of three sizes and scattered stones.
float crater(vec2 at, inout vec3 normal) {
    vec2 own = floor(at), f = fract(at) - 0.5;
    vec4 dice = noise(own * 0.173);
    vec2 d = f - (dice.rg - 0.5) * 0.4;
    float r = length(d) / (0.14 + 0.2 * dice.b), rim = smoothstep(0.65, 1.0, r) * smoothstep(1.5, 1.0, r);
    float bowl = smoothstep(1.0, 0.2, r) * smoothstep(0.0, 0.3, r), there = step(0.45, dice.a);
    normal.xy += there * d / max(length(d), 0.01) * (smoothstep(1.5, 1.1, r) * smoothstep(0.95, 1.1, r) * 0.5 - bowl * 0.55);
    return there * (rim * 0.25 - bowl * 0.2);
}
void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.04), fine = noise(s.world.xy * 0.9), grain = noise(s.world.xy * 3.1);
    vec3 normal = s.normal;
    float shade_ = crater(s.world.xy * 0.11, normal) + crater(s.world.xy * 0.37 + 3.7, normal) + 0.7 * crater(s.world.xy * 1.1 + 1.3, normal);
    s.albedo *= 0.82 + 0.3 * (tone(n.r) - 0.5) + 0.2 * (tone(fine.g) - 0.5) + shade_ + (STYLE == 0 ? 0.3 * (grain.a - 0.5) : 0.0);
    s.normal = normalize(normal + vec3(fine.ag - 0.5, 0) * 0.3);
    s.roughness = 1.0;
    s.occlusion = 1.0;
}
