void finish(inout Surface s) {
    vec2 at = s.world.xy / vec2(1.9, 0.14);
    float row = floor(at.y);
    at.x += fract(row * 0.618) * 3.0;
    float own = noise(vec2(floor(at.x) * 0.37, row * 0.173)).a;
    float gap = max(stripe(fract(at.y) - 0.5, 0.485) , 0.0);
    float joint = stripe(fract(at.x + 0.5) - 0.5, 0.002);
    vec4 n = noise(vec2(s.world.x * 0.3 + own * 7.0, s.world.y * 2.4));
    s.albedo = mix(vec3(0.33, 0.175, 0.075), vec3(0.47, 0.27, 0.125), own) * (0.75 + 0.45 * tone(n.g)) * (s.albedo / 0.319);
    s.albedo *= mix(0.45, 1.0, gap) * mix(1.0, 0.5, joint);
    s.roughness = 0.42 + 0.2 * n.r;
    vec2 edge = vec2(4.8 - abs(s.world.x), min(3.8 - s.world.y, s.world.y + 7.3));
    s.occlusion = 0.6 + 0.4 * clamp(min(edge.x, edge.y) * 1.2, 0.0, 1.0);
}
