void finish(inout Surface s) {
    s.roughness = min(s.roughness, 0.2);
    s.wrap = 0.15;
}
