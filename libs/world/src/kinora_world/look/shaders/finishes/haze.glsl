// What is too far to be seen: the air's own colour, lighter upwards.
void finish(inout Surface s) {
    vec3 d = normalize(s.world - eye);
    float up = smoothstep(-0.1, 0.8, d.z);
    float shaft = noise(vec2(atan(d.x, d.y) * 0.25 + d.z * 0.08, time * 0.002)).r;
    s.glow = fog_colour * (0.9 + 1.4 * up * up + 0.9 * up * smoothstep(0.5, 0.8, shaft));
    s.albedo = vec3(0.0);
    s.roughness = 1.0;
}
