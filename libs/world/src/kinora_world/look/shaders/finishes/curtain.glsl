void finish(inout Surface s) {
    float fold = s.local.x * 62.0 + 1.2 * sin(s.local.z * 1.3 + s.local.x * 9.0);
    s.normal = normalize(s.normal + vec3(cos(fold) * 0.85, 0, 0));
    s.albedo *= 0.78 + 0.22 * sin(fold + 0.7);
    s.sheen = 0.4;
    s.wrap = 0.3;
}
