void finish(inout Surface s) {
    vec3 q = normalize(s.local);
    float around = atan(q.y, q.x) / 6.28318 * 6.0 + 0.5;
    float gore = mod(floor(around), 6.0);
    vec3 c = mod(gore, 2.0) > 0.5 ? vec3(0.88) : gore < 1.0 ? s.albedo : gore < 3.0 ? vec3(0.95, 0.62, 0.06) : vec3(0.04, 0.28, 0.62);
    s.albedo = mix(c, vec3(0.88), inside(0.965 - abs(q.z)));
    s.roughness = 0.22;
    s.wrap = 0.25;
}
