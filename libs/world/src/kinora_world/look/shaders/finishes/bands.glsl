// Rings of colour and white along Z, 12 cm each.
void finish(inout Surface s) {
    s.albedo = mix(s.albedo, vec3(0.86, 0.85, 0.82), inside(abs(fract(s.local.z * 4.2) - 0.5) - 0.25));
}
