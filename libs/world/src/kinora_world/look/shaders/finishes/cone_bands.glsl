void finish(inout Surface s) {
    float up = s.local.z / s.size.y * 0.5 + 0.5;
    s.albedo = mix(s.albedo, vec3(0.86), max(inside(abs(up - 0.62) - 0.11), inside(abs(up - 0.3) - 0.055)));
    s.wrap = 0.1;
}
