// A mown football pitch: stripes 5 m wide, a touchline in front of the stand, the halfway line, the centre circle.
void finish(inout Surface s) {
    vec2 p = s.world.xy;
    vec4 n = noise(p * 0.06), fine = noise(p * 0.9), blades = noise(p * vec2(3.3, 1.5));
    vec3 grass = mix(vec3(0.06, 0.17, 0.028), vec3(0.1, 0.23, 0.04), step(0.5, fract(p.x * 0.1)));
    grass *= 0.78 + 0.24 * tone(fine.g) + (STYLE == 0 ? 0.25 * blades.a : 0.1) + 0.12 * (n.r - 0.5);
    float lines = max(stripe(p.y - 9.0, 0.06), stripe(length(p - vec2(0.0, -6.0)) - 9.15, 0.06));
    lines = max(max(lines, stripe(p.x, 0.06)) * step(p.y, 9.06), 0.0);
    s.albedo = mix(grass, vec3(0.78), lines * (0.75 + 0.25 * fine.a));
    s.albedo = mix(s.albedo, vec3(0.3, 0.12, 0.08) * (0.8 + 0.3 * tone(fine.g)), inside(11.0 - p.y));
    s.roughness = 0.95;
    s.occlusion = 1.0;
    s.wrap = 0.15;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(blades.a - 0.5, fine.g - 0.5, 0) * 0.4);
}
