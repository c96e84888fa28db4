// A full stand, seat by seat.
void finish(inout Surface s) {
    vec2 at = vec2(s.world.x, s.world.z + s.world.y * 0.5) / vec2(0.8, 0.85);
    vec2 own = floor(at), f = fract(at) - 0.5;
    vec4 dice = noise(own * vec2(0.137, 0.211)), more = noise(own * vec2(0.071, 0.319));
    float there = step(0.22, dice.a), calm = clamp(1.6 - fwidth(at.x) * 1.3, 0.0, 1.0);
    float hop = 0.08 * sin(time * (3.0 + 3.0 * more.r) + dice.r * 6.28) * step(0.55, more.g);
    vec3 shirt = mix(mix(s.albedo, vec3(0.8), step(0.5, dice.g)), mix(vec3(0.08, 0.1, 0.2), vec3(0.65, 0.45, 0.1), step(0.6, more.b)), step(0.6, more.a));
    float body = inside(max(abs(f.x) - 0.3, abs(f.y + 0.22 - hop) - 0.22)) * there;
    float head = inside(length(vec2(f.x, (f.y - 0.16 - hop) * 1.1)) - 0.17) * there;
    vec3 c = mix(s.albedo * 0.35, shirt, body);
    c = mix(c, mix(vec3(0.5, 0.3, 0.2), vec3(0.2, 0.1, 0.06), step(0.6, dice.b)), head);
    s.albedo = mix(mix(s.albedo * 0.5, vec3(0.3, 0.27, 0.26), 0.6), c, calm);
    s.roughness = 0.9;
    s.occlusion = 0.9;
}
