// A quaver.
vec4 drawn(vec2 at) {
    vec2 head = (at - vec2(-0.25, -0.6)) * mat2(0.94, 0.34, -0.34, 0.94);
    float d = length(head / vec2(0.42, 0.3)) - 1.0;
    d = min(d, max(abs(at.x - 0.1) - 0.06, max(at.y - 0.85, -0.6 - at.y)) * 4.0);
    float flag = max(abs(at.y - 0.62 + 0.7 * (at.x - 0.1) - 0.3 * (at.x - 0.1)) - 0.15, max(0.1 - at.x, at.x - 0.6));
    d = min(d, flag * 4.0);
    return vec4(colour.rgb, colour.a * smoothstep(0.12, -0.12, d));
}
