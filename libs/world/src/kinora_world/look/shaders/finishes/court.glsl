// A painted half court along X: baseline at x = 4.9, the hoop above (3.4, 0.8); trodden grass around the slab.
float line_at(float d) { return stripe(d, 0.03); }

void finish(inout Surface s) {
    vec2 p = s.world.xy - vec2(0, 0.8);
    float slab = max(abs(p.x + 2.5) - 9.6, abs(p.y + 0.2) - 5.6);
    vec4 n = noise(s.world.xy * 0.16), fine = noise(s.world.xy * 0.9);
    vec3 blue = vec3(0.075, 0.19, 0.31), clay = vec3(0.46, 0.15, 0.075);
    float lane = max(abs(p.x - 2.0) - 2.9, abs(p.y) - 2.45);
    float circle = length(p - vec2(-0.9, 0)) - 1.8;
    float bounds_ = max(abs(p.x + 2.4) - 7.3, abs(p.y) - 4.75);
    vec3 paint = mix(clay, blue, inside(bounds_));
    paint = mix(paint, clay * 1.06, inside(lane));
    float arc = p.x > 3.4 ? abs(p.y) - 4.3 : length(p - vec2(3.4, 0)) - 4.3;
    float lines = line_at(bounds_);
    lines = max(lines, line_at(lane));
    lines = max(lines, line_at(circle) * step(p.x, 5.0));
    lines = max(lines, line_at(arc) * inside(bounds_));
    lines = max(lines, line_at(length(p - vec2(3.4, 0)) - 1.25) * step(p.x, 3.4));
    lines = max(lines, line_at(p.x + 5.6) * inside(bounds_));
    paint = mix(paint, vec3(0.78), lines * (0.82 + 0.18 * fine.r));
    float worn = tone(n.g) * 0.6 + tone(fine.a) * 0.4;
    paint *= 0.78 + 0.4 * worn;
    vec3 grass = mix(vec3(0.10, 0.17, 0.04), vec3(0.2, 0.26, 0.07), tone(n.r)) * (0.65 + 0.6 * tone(fine.g));
    float on_slab = inside(slab);
    s.albedo = mix(grass, paint, on_slab);
    s.albedo *= 1.0 - 0.4 * stripe(slab, 0.05);
    s.roughness = mix(0.95, 0.66 + 0.2 * fine.g, on_slab);
    s.occlusion = 1.0;
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(fine.ag - 0.5, 0) * mix(0.25, 0.05, on_slab));
}
