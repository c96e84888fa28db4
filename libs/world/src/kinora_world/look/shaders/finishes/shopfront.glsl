void finish(inout Surface s) {
    vec2 at = vec2(s.local.x, s.local.z + s.size.z);
    float front = step(0.5, -s.local_normal.y);
    float bays = max(floor(s.size.x), 2.0);
    float u = (at.x / s.size.x * 0.5 + 0.5) * bays;
    vec2 p = vec2((fract(u) - 0.5) * s.size.x * 2.0 / bays, at.y - 1.45);
    bool door = floor(u) == floor(bays * 0.5);
    float pane = door ? max(abs(p.x) - 0.42, abs(p.y + 0.15) - 1.1) : max(abs(p.x) - s.size.x / bays + 0.09, abs(p.y) - 0.95);
    float is_glass = inside(pane) * front;
    vec4 n = noise(at * vec2(0.35, 0.2) + s.size.x), goods = noise(vec2(at.x * 0.9, 0.2) + s.size.zx);
    vec3 inside_ = mix(vec3(0.05, 0.05, 0.055), vec3(0.32, 0.24, 0.17), tone(n.r)) * mix(1.0, 0.45, smoothstep(-0.4, 0.8, p.y));
    float shelf = step(p.y, -0.2 + 0.45 * (floor(goods.g * 5.0) / 5.0)) * step(-0.85, p.y);
    inside_ = mix(inside_, vec3(goods.rab) * vec3(0.5, 0.35, 0.3) + 0.05, shelf * 0.75);
    vec3 c = s.albedo * (0.85 + 0.2 * tone(n.g));
    float sign_board = inside(max(abs(at.x) - s.size.x * 0.9, abs(at.y - 3.02) - 0.24)) * front;
    c = mix(c, s.albedo * 0.45, sign_board);
    s.albedo = mix(c, inside_, is_glass);
    s.roughness = mix(0.7, 0.1, is_glass);
    s.glow = is_glass * dusk * vec3(1.5, 1.0, 0.52) * (0.35 + 0.6 * luma(inside_) * 2.0);
}
