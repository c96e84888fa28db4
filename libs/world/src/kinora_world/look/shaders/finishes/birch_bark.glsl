void finish(inout Surface s) {
    float around = atan(s.local.y, s.local.x);
    vec4 n = noise(vec2(around * 0.09, s.local.z * 0.9)), fine = noise(vec2(around * 0.3, s.local.z * 2.3));
    float scar = smoothstep(0.66, 0.74, n.g) * smoothstep(0.35, 0.6, fine.r);
    s.albedo = mix(s.albedo * (0.82 + 0.25 * tone(fine.g)), vec3(0.04, 0.035, 0.03), scar);
}
