// Twill over white weft, worn pale where it bends.
void finish(inout Surface s) {
    vec2 at = on_cloth(s);
    vec4 n = noise(at * 1.3 + s.local.y);
    woven(s, 1.2);
    float near = clamp(1.6 - length(s.world - eye) * 0.4, 0.0, 1.0);
    s.albedo *= 1.0 + 0.12 * sin((at.x + at.y) * 2100.0) * near;
    s.albedo = mix(s.albedo, s.albedo * 1.5 + 0.03, 0.5 * smoothstep(0.45, 0.75, n.g));
    s.roughness = 0.9;
}
