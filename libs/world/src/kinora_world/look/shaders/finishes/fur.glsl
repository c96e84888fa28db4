// Short hair: strands that follow the body, softer light, a lighter rim against the light.
void finish(inout Surface s) {
    vec3 p = s.local, n = abs(s.local_normal);
    vec2 at = n.x > max(n.y, n.z) ? p.yz : n.z > n.y ? p.yx : p.xz;
    vec4 clump = noise(at * vec2(1.1, 1.9)), strand = noise(at * vec2(3.7, 7.3) + 0.12 * clump.rg);
#if STYLE == 0
    s.albedo *= (0.66 + 0.42 * strand.g) * (0.86 + 0.28 * clump.r);
    s.normal = normalize(s.normal + (strand.gra - 0.5) * 0.5 + (clump.arg - 0.5) * 0.25);
    s.sheen = 0.9;
    s.roughness = 0.88;
#else
    s.albedo *= 0.96 + 0.08 * tone(clump.r);
    s.roughness = 1.0;
#endif
    s.wrap = 0.22;
}
