
void finish(inout Surface s) {
    vec3 eye_at = s.local.x > 0.0 ? face_eye_left : face_eye_right;
    vec2 p = (s.local.xz - eye_at.xz) / face_unit;
#if STYLE == 2
    s.roughness = 1.0;
    s.albedo = skin_colour * 0.8;   // where nothing is drawn, the lids have closed
    drawn_face(s, p, vec2(1), 1.0, s.local.x > 0.0 ? 1.0 : -1.0, s.local.x > 0.0 ? eye_open.x : eye_open.y);
#else
    p = (s.local.xz - eye_at.xz) / eye_ball * (STYLE == 1 ? 0.0098 : 0.0148);
    float d = length(p);
    float spoke = noise(vec2(atan(p.y, p.x) * 1.1, d * 4.0)).g;
    vec3 white = vec3(0.78, 0.76, 0.74) * mix(vec3(1), vec3(0.95, 0.8, 0.76), smoothstep(0.007, 0.013, d));
    vec3 iris = iris_colour * (0.55 + 0.8 * spoke) * mix(1.5, 0.7, smoothstep(0.002, 0.006, d)) * (STYLE == 1 ? 1.5 : 1.0);
    iris = mix(iris, iris * 0.25, smoothstep(0.0048, 0.0058, d));
    s.albedo = mix(iris, white, smoothstep(0.0056, 0.0062, d));
    s.albedo = mix(vec3(0.004), s.albedo, smoothstep(0.0022, 0.0028, d));
    s.albedo *= mix(0.5, 1.0, smoothstep(0.007, 0.0, p.y));   // the lid's shadow
    float catch_ = smoothstep(0.0019, 0.0011, length(p - vec2(-0.0019, 0.0024)));
    s.glow = vec3(0.9) * catch_ * clamp(luma(key_light), 0.25, 1.0);
    s.roughness = 0.12;
    s.wrap = 0.3;
    s.occlusion = 0.8;
#endif
}
