// A drop's trace.
vec4 drawn(vec2 at) {
    float cover = (1.0 - at.x * at.x) * smoothstep(1.0, 0.2, at.y) * smoothstep(-1.0, -0.6, at.y);
    return vec4(colour.rgb, colour.a * cover);
}
