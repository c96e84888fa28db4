// A ripple that widens and fades.
vec4 drawn(vec2 at) {
    float r = length(at);
    return vec4(colour.rgb, colour.a * smoothstep(0.22, 0.0, abs(r - 0.78)));
}
