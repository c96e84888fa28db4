void finish(inout Surface s) {
    float around = atan(s.local.y, s.local.x);
    vec4 n = noise(vec2(around * 0.3, s.local.z * 0.25));
    s.albedo *= 0.55 + 0.85 * tone(n.g);
    s.normal = normalize(s.normal + (n.agr - 0.5) * 0.5);
}
