// Plaited in rings.
void finish(inout Surface s) {
    float ring = sin(length(s.local.xy) * 900.0 + s.local.z * 700.0);
    vec4 n = noise(s.local.xy * 6.0 + s.local.z);
    s.albedo *= 0.85 + 0.1 * ring + 0.15 * tone(n.g);
    s.roughness = 0.9;
}
