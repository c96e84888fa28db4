// A card becomes a spray of leaves by cutting away what lies between them; `local_normal` is the place on the card, z < 0 in the core.
void finish(inout Surface s) {
    vec2 card = s.local_normal.xy;
    float own = s.local_normal.z;
    vec4 n = noise(card * 0.2 + own * 3.1);
    if (own >= 0.0 && n.b * 0.62 + 0.3 * (n.g - 0.5) + 0.55 * dot(card, card) > 0.6) discard;
    float depth = clamp(length(s.local) / s.size.x, 0.0, 1.0);
    s.albedo *= (0.35 + 0.65 * depth * depth) * (1.0 + 0.3 * (max(own, 0.0) - 0.5)) * mix(0.76, 1.14, tone(1.0 - n.b * 1.5));
    s.normal = normalize(s.normal + (n.agr - 0.5) * (STYLE == 0 ? 0.7 : 0.12));
    s.roughness = 0.9;
    s.wrap = 0.3;
    s.occlusion = 0.35 + 0.65 * depth;
}
