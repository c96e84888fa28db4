// Piano keys along X.
void finish(inout Surface s) {
    float u = s.local.x * 42.0;
    float own = floor(u), f = fract(u) - 0.5;
    float top = step(0.5, s.local_normal.z);
    s.albedo = mix(vec3(0.82, 0.8, 0.75), vec3(0.15), stripe(abs(f) - 0.5, 0.04) * top);
    float step_ = mod(own, 7.0);
    float black = step(0.5, abs(step_ - 2.0)) * step(0.5, abs(step_ - 6.0)) * inside(abs(fract(u + 0.5) - 0.5) - 0.29) * step(0.0, s.local.y);
    s.albedo = mix(s.albedo, vec3(0.015), black * top);
    s.roughness = 0.25;
}
