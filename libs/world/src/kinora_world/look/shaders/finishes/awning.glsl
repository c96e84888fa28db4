void finish(inout Surface s) {
    float band = step(0.5, fract(s.local.x * 2.2 + 0.25));
    s.albedo = mix(s.albedo, vec3(0.82, 0.79, 0.72), band);
    s.wrap = 0.3;
    s.roughness = 0.95;
}
