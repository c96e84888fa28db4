// A blade of a clump: `local_normal` is the place on it, z < 0 in the clump's dark inside.
void finish(inout Surface s) {
    float own = s.local_normal.z;
    float depth = clamp(length(s.local) / s.size.x, 0.0, 1.0);
    float up = clamp(s.local.z / s.size.x * 0.5 + 0.5, 0.0, 1.0);
    float rib = 1.0 - 0.16 * smoothstep(0.14, 0.0, abs(s.local_normal.y)) * step(0.0, own);
    vec3 tint = own < 0.0 ? vec3(0.5, 0.56, 0.5) : mix(vec3(0.82, 0.92, 0.8), vec3(1.5, 1.36, 0.92), tone(own)) * rib;
    s.albedo *= tint * (0.72 + 0.5 * up);
    s.roughness = 0.9;
    s.wrap = 0.45;
    s.occlusion = (0.55 + 0.45 * depth * depth) * (0.8 + 0.2 * up);
}
