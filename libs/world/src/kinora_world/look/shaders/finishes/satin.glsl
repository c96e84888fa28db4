void finish(inout Surface s) {
    woven(s, 1.3);
    s.roughness = 0.4;
    s.sheen = 0.8;
}
