void finish(inout Surface s) {
    float band = fract(on_cloth(s).y / 0.052) - 0.5;
    s.albedo = mix(s.albedo, accent_colour, stripe(band, 0.25));
    woven(s, 1.0);
}
