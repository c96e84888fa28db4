void finish(inout Surface s) {
    s.occlusion = 1.15;
    s.roughness = 1.0;
    s.glow = s.albedo * ground_light * 0.75;
}
