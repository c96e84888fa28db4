// A tartan: bands both ways, darker where they cross, with a fine line between.
void finish(inout Surface s) {
    vec2 cell = fract(on_cloth(s) / 0.085);
    float across = stripe(cell.x - 0.5, 0.22), along = stripe(cell.y - 0.5, 0.22);
    float line = max(stripe(cell.x - 0.02, 0.018), stripe(cell.y - 0.02, 0.018));
    s.albedo = mix(s.albedo, accent_colour, 0.5 * (across + along));
    s.albedo = mix(s.albedo, accent_colour * 0.6 + 0.25, line * 0.7);
    woven(s, 1.0);
}
