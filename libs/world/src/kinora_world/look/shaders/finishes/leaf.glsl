// A card becomes a spray of leaves by cutting away what lies between them; `local_normal` is the place on the card.
void finish(inout Surface s) {
    vec2 card = s.local_normal.xy;
    float own = s.local_normal.z;
    vec4 n = noise(card * 0.09 + own * 7.3), fine = noise(card * 0.21 + own * 3.1);
    float hole = fine.b * 0.62 + 0.3 * (n.g - 0.5) + 0.55 * dot(card, card);
    if (hole > 0.6) discard;
    vec4 broad = noise(s.local.xz * 0.3 + s.local.y * 0.2);
    float depth = clamp(length(s.local) / max(s.size.x, 0.01), 0.0, 1.0);
    s.albedo *= (0.4 + 0.6 * depth * depth) * (0.78 + 0.3 * tone(broad.r) + 0.3 * (own - 0.5));
    s.albedo *= mix(0.78, 1.12, tone(1.0 - fine.b * 1.5));
    s.normal = normalize(s.normal + (vec3(fine.a, n.a, n.g) - 0.5) * (STYLE == 0 ? 0.7 : 0.12));
    s.roughness = 0.75;
    s.wrap = 0.3;
    s.occlusion = 0.4 + 0.6 * depth;
}
