// Rows of stitches, each a pair of slanted loops.
void finish(inout Surface s) {
    vec2 at = on_cloth(s);
    woven(s, 0.8);
    float near = clamp(2.2 - length(s.world - eye) * 0.45, 0.0, 1.0);
    float slant = abs(fract(at.x / 0.011) - 0.5);
    float loop = sin((at.y / 0.009 + slant * 1.4) * 6.2832);
    s.albedo *= 1.0 + (STYLE == 0 ? 0.22 : 0.1) * (loop - 0.3 + 1.2 * (slant - 0.25)) * near;
    s.roughness = 0.95;
    s.sheen = 0.6;
}
