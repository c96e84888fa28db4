// Rings of iron wire, row upon row.
void finish(inout Surface s) {
    vec2 at = on_cloth(s) / vec2(0.011, 0.008);
    at.x += 0.5 * mod(floor(at.y), 2.0);
    float near = clamp(2.4 - length(s.world - eye) * 0.35, 0.0, 1.0);
    float ring = abs(length(fract(at) - 0.5) - 0.34);
    s.albedo *= 0.8 + 0.55 * near * (smoothstep(0.2, 0.05, ring) - 0.45);
    s.metal = STYLE == 0 ? 0.6 : 0.0;
    s.roughness = 0.45;
}
