// A leather ball pointed along X, with white bands and laces on top.
void finish(inout Surface s) {
    float along = s.local.x / s.size.x;
    vec3 c = s.albedo * (0.8 + 0.4 * tone(noise(s.local.xz * 9.0).a));
    c = mix(c, vec3(0.8), inside(abs(abs(along) - 0.62) - 0.04));
    float lace = inside(max(abs(s.local.y) - 0.006, abs(along) - 0.3)) + inside(max(abs(s.local.y) - 0.022, abs(along) - 0.28)) * step(0.6, fract(along * 12.0));
    s.albedo = mix(c, vec3(0.85), clamp(lace, 0.0, 1.0) * step(0.0, s.local.z));
    s.roughness = 0.55;
}
