void finish(inout Surface s) {
    float up = clamp((s.local.z + s.size.y) / (2.0 * s.size.y), 0.0, 1.0);
    s.albedo *= 0.45 + 0.75 * up;
    s.normal = normalize(s.normal + vec3(0, 0, 1.2));
    s.wrap = 0.4;
    s.occlusion = 0.4 + 0.6 * up;
    s.roughness = 0.8;
}
