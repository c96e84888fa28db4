void finish(inout Surface s) {
    // The grain runs along the longest side.
    vec3 h = s.size.x >= max(s.size.y, s.size.z) ? s.local.yzx : s.size.y >= s.size.z ? s.local.xzy : s.local.xyz;
    vec4 n = noise(vec2((h.x + h.y * 1.3) * 3.1, h.z * 0.32));
    float grain = tone(n.g) * 0.5 + tone(n.r) * 0.5;
    s.albedo *= 0.72 + 0.5 * grain;
    s.roughness += (n.a - 0.5) * 0.2;
}
