// A baseball's seam.
void finish(inout Surface s) {
    vec3 q = normalize(s.local);
    float seam = abs(q.x * q.y - 0.55 * q.z * (1.0 - 0.3 * q.z * q.z));
    float across = fract((q.x + q.y + q.z * 1.7) * 9.0);
    s.albedo = mix(s.albedo, vec3(0.55, 0.04, 0.04), inside(seam - 0.1) * step(0.02, seam) * step(0.45, across));
    s.roughness = 0.6;
}
