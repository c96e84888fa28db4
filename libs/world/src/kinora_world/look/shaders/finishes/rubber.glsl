void finish(inout Surface s) {
    woven(s, 0.7);
    s.roughness = 0.3;
    s.sheen = 0.0;
}
