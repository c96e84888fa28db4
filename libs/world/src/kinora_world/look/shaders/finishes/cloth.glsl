void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 2.2 + s.local.y);
    s.albedo *= 0.88 + 0.22 * tone(n.r);
    if (STYLE == 0) {
        vec2 weave = sin(vec2(s.local.x + s.local.y * 0.5, s.local.z) * 1900.0);
        float near = clamp(1.5 - length(s.world - eye) * 0.4, 0.0, 1.0);
        s.albedo *= 1.0 + 0.07 * weave.x * weave.y * near;
        s.normal = normalize(s.normal + (n.rgr - 0.5) * 0.16);
    }
    s.roughness = max(s.roughness, 0.8);
    s.sheen = 0.35;
    s.wrap = 0.12;
}
