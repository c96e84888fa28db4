void finish(inout Surface s) {
    float along = s.local.x / s.size.x * 0.5 + 0.5;
    float side = abs(s.local.y);
    float slit = abs(fract((s.local.x - side * 0.9) * 11.0) - 0.5) * 2.0;
    if (side > 0.02 && slit < 0.42 * smoothstep(0.0, 0.25, side) + 0.06) discard;
    s.albedo *= 0.8 + 0.35 * along;
    s.albedo = mix(vec3(0.42, 0.4, 0.15), s.albedo, smoothstep(0.0, 0.03, side));
    s.normal = normalize(s.normal + vec3(0, 0, 0.6));
    s.wrap = 0.5;
    s.roughness = 0.5;
}
