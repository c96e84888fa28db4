// Far office towers: window bands that fade into a mean colour before they can flicker.
void finish(inout Surface s) {
    vec2 at = vec2(abs(s.local_normal.x) > 0.5 ? s.local.y : s.local.x, s.local.z + s.size.z);
    vec2 cell = at / vec2(1.7, 3.0) + s.size.xy;
    vec2 f = abs(fract(cell) - 0.5);
    float side = step(abs(s.local_normal.z), 0.5);
    float window = inside(max(f.x - 0.32, f.y - 0.3)) * side;
    float calm = clamp(1.0 - max(fwidth(cell.x), fwidth(cell.y)) * 1.4, 0.0, 1.0);
    vec4 dice = noise(floor(cell) * vec2(0.131, 0.217));
    window = mix(0.38 * side, window, calm);
    vec3 glass = mix(vec3(0.08, 0.11, 0.15), sky_light * 0.6, 0.35 + 0.3 * dice.r);
    s.albedo = mix(s.albedo, glass, window * 0.75);
    s.glow = window * mix(0.3, step(0.6, dice.a), calm) * dusk * dusk * mix(vec3(1.1, 0.72, 0.34), vec3(0.75, 0.8, 0.85), step(0.75, dice.g)) * 0.8;
    s.occlusion = 1.0;
    s.roughness = 0.7;
}
