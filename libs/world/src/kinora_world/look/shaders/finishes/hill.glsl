void finish(inout Surface s) {
    vec4 n = noise(s.world.xz * 0.012 + s.world.y * 0.004);
    s.albedo *= 0.7 + 0.6 * tone(n.g);
    s.occlusion = 1.0;
    s.roughness = 1.0;
}
