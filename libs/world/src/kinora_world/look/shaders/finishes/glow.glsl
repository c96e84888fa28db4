void finish(inout Surface s) {
    s.glow = s.albedo * mix(0.15, 2.6, dusk);
    s.occlusion = 1.0;
}
