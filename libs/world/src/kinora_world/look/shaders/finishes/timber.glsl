// Half-timbered walls with small lit windows.
void finish(inout Surface s) {
    vec2 at = vec2(abs(s.local_normal.x) > 0.5 ? s.local.y : s.local.x, s.local.z + s.size.z);
    vec2 cell = at / vec2(1.25, 1.3), f = fract(cell + vec2(0.5, 0.0)) - 0.5, own = floor(cell + vec2(0.5, 0.0));
    vec4 dice = noise(own * vec2(0.137, 0.211) + s.size.xz * 0.1), n = noise(at * 0.6);
    float beam = max(max(stripe(abs(f.x) - 0.5, 0.055), stripe(abs(f.y) - 0.5, 0.06)), stripe(f.x - f.y * (dice.g > 0.5 ? 1.0 : -1.0), 0.06) * step(dice.r, 0.45));
    float window = inside(max(abs(f.x) - 0.24, abs(f.y) - 0.27)) * step(0.45, dice.r), front = step(abs(s.local_normal.z), 0.5);
    float bars = max(stripe(f.x, 0.02), stripe(f.y, 0.02));
    vec3 c = mix(s.albedo * (0.85 + 0.25 * tone(n.g)), vec3(0.085, 0.05, 0.03) * (0.7 + 0.6 * n.a), beam);
    vec3 glass = mix(vec3(0.04, 0.05, 0.06), sky_light * 0.4, 0.3 + 0.4 * dice.b);
    float pane = window * (1.0 - bars) * front;
    c = mix(c, vec3(0.1, 0.06, 0.035), window);
    s.albedo = mix(c, glass, pane);
    s.glow = pane * step(0.3, dice.a) * dusk * dusk * vec3(1.3, 0.75, 0.28);
    s.roughness = mix(0.95, 0.2, pane);
}
