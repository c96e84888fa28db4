void finish(inout Surface s) {
    float around = atan(s.local.y, s.local.x) / 6.28318 * 5.0;
    float soft = abs(fract(around) - 0.5) - 0.25;
    s.albedo = mix(s.albedo, vec3(0.85, 0.83, 0.78), inside(soft));
    s.wrap = 0.35;
    s.roughness = 0.95;
}
