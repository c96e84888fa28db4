// Cloth: where a point lies on the garment, and the folds it falls in.
uniform vec3 accent_colour;
uniform vec4 arm_line;   // of the left arm at rest, seen from in front: shoulder x, z and the direction to the wrist

// Metres across and along the limb or trunk that the cloth is on.
vec2 on_cloth(Surface s) {
    vec2 from = vec2(abs(s.local.x), s.local.z) - arm_line.xy;
    float along = dot(from, arm_line.zw), aside = dot(from, vec2(arm_line.w, -arm_line.z));
    bool sleeve = along > 0.0 && abs(aside) < 0.13, ahead = abs(s.local_normal.y) > 0.6;
    if (sleeve) return vec2(ahead ? aside : s.local.y, -along);
    return vec2(ahead ? s.local.x : s.local.y, s.local.z);
}

// Folds run down the cloth; `soft` is how deep they are.
void woven(inout Surface s, float soft) {
    vec2 at = on_cloth(s);
    vec4 n = noise(vec2(at.x * 2.6, at.y * 0.9) + s.local.y * 0.7), fine = noise(at * 3.1 + 0.3);
    s.albedo *= 0.86 + 0.16 * tone(n.r) + 0.08 * tone(fine.g);
#if STYLE == 0
    s.normal = normalize(s.normal + ((n.rgr - 0.5) * 0.34 + (fine.gag - 0.5) * 0.12) * soft);
#endif
    s.roughness = max(s.roughness, 0.8);
    s.sheen = 0.35;
    s.wrap = 0.12;
}

// Threads, seen from near.
float threads(Surface s, float count) {
    float near = clamp(1.5 - length(s.world - eye) * 0.4, 0.0, 1.0);
    vec2 weave = sin(on_cloth(s) * count);
    return 1.0 + 0.07 * weave.x * weave.y * near;
}
