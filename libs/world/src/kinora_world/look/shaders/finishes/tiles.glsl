// Square tiles, 30 cm, on floors and walls alike.
void finish(inout Surface s) {
    vec2 at = box_face(s) / 0.3;
    vec2 joint = abs(fract(at) - 0.5);
    vec4 n = noise(floor(at) * 0.173), fine = noise(at * 0.4);
    s.albedo *= 1.0 - 0.2 * mod(floor(at.x) + floor(at.y), 2.0) * clamp(1.6 - 2.0 * max(fwidth(at.x), fwidth(at.y)), 0.0, 1.0);
    s.albedo *= 0.86 + 0.16 * n.a + 0.08 * (tone(fine.g) - 0.5);
    s.albedo = mix(s.albedo, s.albedo * 0.55 + 0.06, max(stripe(0.5 - joint.x, 0.014), stripe(0.5 - joint.y, 0.014)));
    s.roughness = 0.28 + 0.15 * fine.r;
    s.occlusion = max(s.occlusion, 0.8);
}
