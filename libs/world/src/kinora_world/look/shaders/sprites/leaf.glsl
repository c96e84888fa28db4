// A pointed leaf with its rib.
vec4 drawn(vec2 at) {
    float wide = 0.62 * (1.0 - at.y * at.y) * (1.0 - 0.25 * at.y);
    float cover = smoothstep(0.05, -0.05, abs(at.x) - wide + 0.06 * abs(sin(at.y * 16.0)));
    cover = max(cover, step(abs(at.x), 0.05) * step(at.y, -0.7));
    float rib = smoothstep(0.07, 0.02, abs(at.x)) + 0.6 * smoothstep(0.12, 0.04, abs(fract(at.y * 3.0 - abs(at.x) * 2.0) - 0.5));
    return vec4(colour.rgb * (gl_FrontFacing ? 1.0 : 0.75) * (1.0 - 0.3 * min(rib, 1.0)), colour.a * cover);
}
