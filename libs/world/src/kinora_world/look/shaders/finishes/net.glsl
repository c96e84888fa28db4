// Knotted cords, narrowing with the cone it hangs on, cut off above the cone's tip.
void finish(inout Surface s) {
    float down = s.local.z / s.size.y * 0.5 + 0.5;
    if (down > 0.52) discard;
    float around = atan(s.local.y, s.local.x) / 6.28318 * 12.0;
    vec2 at = vec2(around + down * 9.0, around - down * 9.0);
    vec2 d = abs(fract(at) - 0.5);
    float cord = max(stripe(d.x, 0.09), stripe(d.y, 0.09));
    s.alpha = max(cord, 0.06);
    s.albedo = vec3(0.85);
    s.occlusion = 1.0;
}
