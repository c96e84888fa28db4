// Feathers: overlapping rows, a little darker where one lies under the next.
void finish(inout Surface s) {
    vec3 p = s.local * 26.0;
    vec2 at = vec2(p.x + p.y * 0.6, p.z - p.y * 0.8);
    float row = floor(at.y);
    vec2 cell = vec2(fract(at.x + 0.5 * mod(row, 2.0)) - 0.5, fract(at.y));
    float edge = smoothstep(0.35, 0.6, length(cell * vec2(1.0, 0.8) - vec2(0.0, 0.55)));
    vec4 n = noise(s.local.xz * 2.1 + s.local.y);
#if STYLE == 0
    s.albedo *= (0.84 + 0.24 * n.g) * (1.0 - 0.16 * edge);
    s.sheen = 0.5;
    s.roughness = 0.75;
#else
    s.albedo *= 1.0 - 0.06 * edge;
    s.roughness = 1.0;
#endif
    s.wrap = 0.18;
}
