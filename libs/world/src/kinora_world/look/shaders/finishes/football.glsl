// The twelve dark pentagons sit at the vertices of an icosahedron.
void finish(inout Surface s) {
    vec3 q = abs(normalize(s.local));
    const vec2 g = vec2(0.52573, 0.85065);
    float near = max(max(q.y * g.x + q.z * g.y, q.x * g.y + q.z * g.x), q.x * g.x + q.y * g.y);
    vec3 o = normalize(s.local);
    float patch_ = near - 0.933;
    float dark = clamp(patch_ / max(fwidth(patch_), 1e-4) + 0.5, 0.0, 1.0);
    s.albedo = mix(s.albedo * (0.96 + 0.06 * o.z), vec3(0.025), dark);
    s.roughness = 0.4;
}
