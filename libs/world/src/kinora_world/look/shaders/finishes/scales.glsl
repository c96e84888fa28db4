// Hide and scales: a net of small plates with a wet gleam.
void finish(inout Surface s) {
    vec3 p = s.local * 34.0, n = abs(s.local_normal);
    vec2 at = n.x > max(n.y, n.z) ? p.yz : n.z > n.y ? p.yx : p.xz;
    at.x += 0.5 * mod(floor(at.y), 2.0);
    float seam = smoothstep(0.3, 0.52, length(fract(at) - 0.5));
    vec4 patch_ = noise(s.local.xz * 1.3 + s.local.y);
#if STYLE == 0
    s.albedo *= (0.8 + 0.35 * patch_.r) * (1.0 - 0.22 * seam);
    s.roughness = clamp(s.roughness - 0.1 + 0.25 * seam, 0.1, 1.0);
#else
    s.albedo *= 1.0 - 0.05 * seam;
#endif
    s.wrap = 0.1;
}
