void finish(inout Surface s) {
    s.metal = 1.0;
    s.roughness = 0.28;
    if (STYLE > 0) s.albedo *= 0.9 + 0.5 * smoothstep(0.2, 0.9, s.normal.z);
}
