void finish(inout Surface s) {
    vec3 q = normalize(s.local);
    float seam = abs(q.x * q.y - 0.55 * q.z * (1.0 - 0.3 * q.z * q.z)) - 0.045;
    s.albedo = mix(s.albedo * (0.85 + 0.3 * noise(q.xy).a), vec3(0.85), inside(seam));
    s.sheen = 0.6;
}
