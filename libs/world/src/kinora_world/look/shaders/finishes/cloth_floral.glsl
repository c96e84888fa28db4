// Five-petalled flowers, each turned its own way, with leaves between.
void finish(inout Surface s) {
    vec2 at = on_cloth(s) / 0.095;
    at.x += 0.5 * mod(floor(at.y), 2.0);
    vec2 cell = floor(at), from = fract(at) - 0.5 - 0.12 * sin(cell.yx * 2.7 + 1.0);
    float turn = atan(from.y, from.x) + cell.x * 1.3 + cell.y * 2.1, away = length(from);
    float petals = inside(away - 0.2 - 0.09 * cos(turn * 5.0));
    vec2 leaf = abs(fract(at + vec2(0.5, 0.62)) - 0.5);
    s.albedo = mix(s.albedo, s.albedo * vec3(0.3, 0.55, 0.3) + vec3(0.02, 0.07, 0.02), inside(length(leaf * vec2(1.0, 2.4)) - 0.14));
    s.albedo = mix(s.albedo, accent_colour, petals);
    s.albedo = mix(s.albedo, vec3(0.75, 0.5, 0.06), inside(away - 0.075));
    woven(s, 1.0);
}
