// Slanting stripes.
void finish(inout Surface s) {
    float u = (s.local.x + s.local.z + s.local.y) * 24.0;
    s.albedo = mix(s.albedo, vec3(0.88), inside(abs(fract(u) - 0.5) - 0.25));
    s.roughness = 0.35;
}
