void finish(inout Surface s) {
    vec2 at = box_face(s);
    s.albedo *= 0.9 + 0.16 * tone(noise(at * 1.5).g);
    float tape = inside(abs(s.local.y) - 0.028) * step(0.5, abs(s.local_normal.z));
    tape = max(tape, inside(abs(s.local.y) - 0.028) * step(0.5, abs(s.local_normal.x)) * step(s.size.z - 0.07, s.local.z));
    s.albedo = mix(s.albedo, vec3(0.56, 0.42, 0.22), tape * 0.8);
    s.roughness = mix(0.95, 0.35, tape);
    float print = inside(max(abs(at.x - 0.09) - 0.05, abs(at.y + 0.06) - 0.035)) * step(0.5, abs(s.local_normal.y));
    s.albedo *= 1.0 - 0.45 * print * step(0.5, fract(at.y * 60.0));
}
