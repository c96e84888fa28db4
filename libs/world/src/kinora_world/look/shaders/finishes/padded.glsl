// Quilted in broad rings.
void finish(inout Surface s) {
    float ring = fract(on_cloth(s).y / 0.075) - 0.5;
    float seam = smoothstep(0.5, 0.36, abs(ring));
    woven(s, 0.8);
    s.albedo *= 0.72 + 0.28 * seam;
    s.normal = normalize(s.normal + vec3(0, 0, ring * (STYLE == 0 ? 0.7 : 0.3)));
    s.roughness = 0.55;
}
