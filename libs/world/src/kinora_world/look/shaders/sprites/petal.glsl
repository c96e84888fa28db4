// A rounded petal with a notch, paler at its foot.
vec4 drawn(vec2 at) {
    float wide = 0.8 * sqrt(max(1.0 - at.y * at.y, 0.0)) * (0.62 + 0.38 * at.y);
    float cover = smoothstep(0.04, -0.04, abs(at.x) - wide) * smoothstep(0.86, 0.8, at.y - abs(at.x) * 0.5);
    return vec4(mix(colour.rgb, vec3(1), 0.45 * smoothstep(0.2, -0.9, at.y)) * (gl_FrontFacing ? 1.0 : 0.85), colour.a * cover);
}
