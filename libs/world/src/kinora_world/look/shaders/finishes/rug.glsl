void finish(inout Surface s) {
    vec2 at = abs(s.local.xy), half_size = s.size.xy;
    float edge = min(half_size.x - at.x, half_size.y - at.y);
    vec3 cream = vec3(0.66, 0.55, 0.38), navy = vec3(0.06, 0.08, 0.16);
    float diamonds = abs(fract(s.local.x * 1.6) - 0.5) + abs(fract(s.local.y * 1.6) - 0.5);
    vec3 c = mix(s.albedo, cream, stripe(diamonds - 0.5, 0.05) * 0.8);
    c = mix(c, navy, inside(abs(diamonds - 0.18) - 0.05) * 0.8);
    c = mix(c, navy, inside(edge - 0.26));
    c = mix(c, cream, stripe(edge - 0.25, 0.018));
    c = mix(c, mix(s.albedo, cream, step(0.5, fract((s.local.x + s.local.y) * 6.0))), inside(abs(edge - 0.14) - 0.05));
    vec4 n = noise(s.local.xy * 3.0);
    s.albedo = c * (0.8 + 0.3 * tone(n.a));
    s.occlusion = 1.0;
    s.roughness = 1.0;
    s.sheen = 0.3;
}
