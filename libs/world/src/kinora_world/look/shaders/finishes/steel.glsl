// Polished plate, a little uneven from the hammer.
void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 1.9 + s.local.y);
    s.metal = STYLE == 0 ? 0.85 : 0.2;
    s.roughness = 0.24 + 0.12 * n.a;
    s.albedo *= 0.78 + 0.2 * n.g;
#if STYLE == 0
    s.normal = normalize(s.normal + (n.rgr - 0.5) * 0.1);
    // What it mirrors: bright sky above a dark horizon.
    float up = reflect(normalize(s.world - eye), s.normal).z;
    s.albedo *= 0.7 + 0.5 * smoothstep(-0.25, 0.35, up);
#else
    s.albedo *= 0.8 + 0.5 * smoothstep(0.2, 0.9, s.normal.z);
#endif
}
