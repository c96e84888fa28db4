void finish(inout Surface s) {
    vec2 at = box_face(s) / vec2(0.24, 0.08);
    at.x += 0.5 * mod(floor(at.y), 2.0);
    vec2 joint = abs(fract(at) - 0.5);
    float mortar = max(stripe(0.5 - joint.x, 0.03), stripe(0.5 - joint.y, 0.07));
    s.albedo *= 0.75 + 0.5 * noise(floor(at) * 0.137).a;
    s.albedo = mix(s.albedo, vec3(0.45, 0.42, 0.38), mortar);
}
