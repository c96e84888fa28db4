void finish(inout Surface s) {
    s.metal = STYLE == 0 ? 0.55 : 0.0;
    s.roughness = clamp(s.roughness + (noise(s.local.xz * 3.0).a - 0.5) * 0.12, 0.1, 1.0);
}
