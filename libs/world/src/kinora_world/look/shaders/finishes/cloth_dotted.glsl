void finish(inout Surface s) {
    vec2 at = on_cloth(s) / 0.062;
    at.x += 0.5 * mod(floor(at.y), 2.0);
    s.albedo = mix(s.albedo, accent_colour, inside(length(fract(at) - 0.5) - 0.24));
    woven(s, 1.0);
}
