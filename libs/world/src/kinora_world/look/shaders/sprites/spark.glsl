// A point of light in its glow.
vec4 drawn(vec2 at) {
    float r = length(at);
    float core = smoothstep(0.42, 0.18, r), glow = max(1.0 - r, 0.0);
    glow *= glow * (STYLE == 0 ? 0.6 : 0.3);
    return vec4(mix(colour.rgb, vec3(1.6), core * 0.7), colour.a * clamp(core + glow, 0.0, 1.0));
}
