// Plates that overlap downwards.
void finish(inout Surface s) {
    float plate = fract(on_cloth(s).y / 0.06);
    s.albedo *= 0.55 + 0.45 * smoothstep(0.0, 0.25, plate);
    s.normal = normalize(s.normal + vec3(0, 0, (plate - 0.4) * 0.5));
    s.metal = 0.8;
    s.roughness = 0.3;
}
