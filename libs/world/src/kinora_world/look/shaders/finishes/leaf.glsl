// A card becomes a spray of leaflets by cutting away what lies between them.
void finish(inout Surface s) {
    vec4 n = noise(s.local.xz * 0.55 + s.local.y * 0.37);
    vec4 fine = noise(s.local.zy * 1.1 + s.local.x * 0.8);
    float hole = fine.b * 0.6 + n.g * 0.4;
    if (hole > 0.52) discard;
    float depth = clamp(length(s.local) / max(s.size.x, 0.01), 0.0, 1.0);
    float light = tone(n.r);
    s.albedo *= (0.45 + 0.55 * depth * depth) * (0.75 + 0.45 * light);
    s.albedo += vec3(0.02, 0.025, 0.0) * tone(fine.g);
    s.normal = normalize(s.normal + (vec3(fine.a, n.a, n.g) - 0.5) * (STYLE == 0 ? 0.5 : 0.15));
    s.roughness = 0.75;
    s.wrap = 0.35;
    s.occlusion = 0.45 + 0.55 * depth;
}
