void finish(inout Surface s) {
    vec2 at = box_face(s);
    vec4 n = noise(at * 0.5);
    s.albedo *= 0.95 + 0.06 * tone(n.g);
    // Corners gather less light: those at the wall's ends, the floor and the ceiling.
    float along = abs(s.local_normal.x) > 0.5 ? s.size.y - abs(s.local.y) : s.size.x - abs(s.local.x);
    float side = clamp((along - 0.1) * 1.1, 0.0, 1.0);
    float height = clamp(s.world.z * 1.3, 0.0, 1.0) * clamp((s.size.z - s.local.z) * 1.3, 0.0, 1.0);
    s.occlusion = (0.66 + 0.34 * side) * (0.68 + 0.32 * height);
    s.roughness = 0.95;
}
