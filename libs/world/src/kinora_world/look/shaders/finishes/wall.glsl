void finish(inout Surface s) {
    vec2 at = box_face(s);
    vec4 n = noise(at * 0.5);
    s.albedo *= 0.95 + 0.06 * tone(n.g);
    // Corners gather less light.
    vec2 edge = vec2(4.8 - abs(s.world.x), min(3.8 - s.world.y, s.world.y + 7.3));
    float corner = clamp(max(min(edge.x, 9.0), 0.0) * 1.1, 0.0, 1.0);
    float side = abs(s.normal.x) > 0.5 ? clamp(edge.y * 1.1, 0.0, 1.0) : corner;
    float height = clamp(s.world.z * 1.3, 0.0, 1.0) * clamp((3.0 - s.world.z) * 1.3, 0.0, 1.0);
    s.occlusion = (0.66 + 0.34 * side) * (0.68 + 0.32 * height);
    s.roughness = 0.95;
}
