// Bare layered rock.
void finish(inout Surface s) {
    vec4 n = noise(s.local.xy * 3.0 / s.size.x), fine = noise(s.local.xz * 9.0 / s.size.x);
    float layer = tone(noise(vec2(0.2, s.local.z / s.size.y * 0.9 + 0.05 * n.r)).g);
    s.albedo *= 0.6 + 0.4 * layer + 0.35 * tone(fine.r);
    s.roughness = 1.0;
    s.occlusion = 1.0;
}
