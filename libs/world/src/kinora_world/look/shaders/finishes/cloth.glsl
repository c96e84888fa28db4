void finish(inout Surface s) {
    woven(s, 1.0);
    if (STYLE == 0) s.albedo *= threads(s, 1900.0);
}
