// A bough of a spruce: `local_normal` is the place on it, z < 0 in the tree's dark inside.
void finish(inout Surface s) {
    float own = s.local_normal.z;
    float along = s.local_normal.x * 0.5 + 0.5;
    vec4 n = noise(vec2(s.local_normal.y * 0.13 + own, s.local_normal.x * 0.05));
    s.albedo *= own < 0.0 ? vec3(0.25) : mix(vec3(0.5), vec3(1.2, 1.25, 1.1), along) * (0.8 + 0.25 * tone(own)) * (0.75 + 0.5 * tone(n.a));
    s.roughness = 0.9;
    s.wrap = 0.25;
    s.occlusion = 0.35 + 0.65 * along * step(0.0, own);
}
