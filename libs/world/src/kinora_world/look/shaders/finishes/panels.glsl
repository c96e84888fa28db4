// A volleyball's three families of bands.
void finish(inout Surface s) {
    vec3 q = normalize(s.local), a = abs(q);
    float face = max(a.x, max(a.y, a.z));
    vec2 p = a.x == face ? q.yz / a.x : a.y == face ? q.zx / a.y : q.xy / a.z;
    float band = floor((p.x + 1.0) * 1.5);
    float seam = min(abs(fract((p.x + 1.0) * 1.5 + 0.5) - 0.5) * 0.66, 1.0 - max(abs(p.x), abs(p.y)));
    vec3 c = mod(band, 2.0) > 0.5 ? vec3(0.86) : a.x == face ? vec3(0.06, 0.18, 0.5) : a.y == face ? s.albedo : vec3(0.85, 0.62, 0.08);
    s.albedo = mix(c, c * 0.45, inside(seam - 0.03));
    s.roughness = 0.5;
}
