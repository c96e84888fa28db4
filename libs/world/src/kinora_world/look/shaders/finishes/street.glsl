// Pavement up to y = 3.2 and beyond y = 11, the carriageway between them.
void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.12), fine = noise(s.world.xy * 1.1);
    float road = max(3.35 - s.world.y, s.world.y - 10.9);
    float kerb = inside(abs(road - 0.08) - 0.09);
    vec2 slab = s.world.xy / vec2(0.9, 0.6);
    slab.x += 0.5 * mod(floor(slab.y), 2.0);
    vec2 joint = abs(fract(slab) - 0.5);
    float joints = max(stripe(0.5 - joint.x, 0.008), stripe(0.5 - joint.y, 0.012));
    vec3 paving = vec3(0.29, 0.27, 0.24) * (0.8 + 0.25 * noise(floor(slab) * 0.171).a) * (0.82 + 0.3 * tone(fine.g));
    paving *= 1.0 - 0.45 * joints;
    vec3 tar = vec3(0.075, 0.078, 0.085) * (0.7 + 0.4 * tone(n.g) + 0.45 * (STYLE == 0 ? fine.a : 0.5));
    float dash = stripe(s.world.y - 7.1, 0.06) * inside(abs(fract(s.world.x / 4.0) - 0.5) - 0.27);
    tar = mix(tar, vec3(0.72), dash * (0.75 + 0.25 * fine.r));
    float crossing = inside(max(abs(s.world.x + 14.0) - 1.6, road + 0.3)) * step(0.5, fract(s.world.y * 0.9));
    tar = mix(tar, vec3(0.7), crossing);
    s.albedo = mix(tar, paving, step(0.0, road));
    s.albedo = mix(s.albedo, vec3(0.42, 0.41, 0.39) * (0.85 + 0.25 * tone(fine.g)), kerb);
    s.albedo *= 1.0 - 0.55 * stripe(road + 0.03, 0.03);
    s.roughness = mix(0.7, 0.86, step(0.0, road));
    s.occlusion = 1.0;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(fine.ag - 0.5, 0) * 0.12);
}
