// Rows of sash windows with frames and sills; some are lit after dark.
void finish(inout Surface s) {
    vec2 at = vec2(abs(s.local_normal.x) > 0.5 ? s.local.y : s.local.x, s.local.z + s.size.z);
    float across = abs(s.local_normal.x) > 0.5 ? s.size.y : s.size.x;
    float columns = max(floor(across * 2.0 / 2.1), 1.0);
    vec2 cell = vec2((at.x / across * 0.5 + 0.5) * columns, at.y / 2.9);
    vec2 own = floor(cell), p = (fract(cell) - vec2(0.5, 0.53)) * vec2(across * 2.0 / columns, 2.9);
    float front = step(abs(s.local_normal.z), 0.5);
    float frame = max(abs(p.x) - 0.58, abs(p.y) - 0.9), pane = max(abs(p.x) - 0.5, abs(p.y) - 0.82);
    float bars = max(stripe(p.x, 0.03), stripe(p.y - 0.12, 0.035));
    float sill = inside(max(abs(p.x) - 0.68, abs(p.y + 0.96) - 0.07));
    vec4 n = noise(at * 0.3), dice = noise(own * vec2(0.137, 0.211) + s.size.xz * 0.31);
    vec3 wall = s.albedo * (0.84 + 0.26 * tone(n.g));
    float course = stripe(fract(at.y * 3.2) - 0.5, 0.035);
    wall *= 1.0 - 0.1 * course * float(STYLE == 0);
    wall *= mix(1.0, 0.6, smoothstep(0.35, 0.0, frame) * step(0.0, frame) * step(p.y, 0.9));
    vec3 glass = mix(vec3(0.035, 0.05, 0.065), sky_light * 0.5, 0.25 + 0.5 * smoothstep(-0.8, 0.9, p.y + dice.r - 0.5));
    float curtain = smoothstep(0.3, 0.46, abs(p.x)) * step(0.45, dice.g);
    glass = mix(glass, vec3(0.55, 0.5, 0.42) * (0.4 + 0.6 * (1.0 - dusk)), curtain * 0.7);
    vec3 c = mix(wall, vec3(0.62, 0.6, 0.55), max(inside(frame), sill) * front);
    float is_glass = inside(pane) * (1.0 - bars) * front;
    s.albedo = mix(c, glass, is_glass);
    s.roughness = mix(0.92, 0.12, is_glass);
    s.glow = is_glass * step(0.56, dice.a) * dusk * dusk * mix(vec3(1.25, 0.8, 0.36), vec3(0.9, 0.82, 0.62), dice.r) * (0.6 + 0.4 * curtain);
    s.occlusion = 0.9;
}
