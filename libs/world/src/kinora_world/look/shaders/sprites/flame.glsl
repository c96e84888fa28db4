// A tongue of fire, licking upwards.
vec4 drawn(vec2 at) {
    vec4 n = noise(vec2(at.x * 0.13 + trait.y * 5.0, at.y * 0.1 - trait.x * 0.35));
    float wide = 0.75 * sqrt(max(1.0 - at.y, 0.0)) * smoothstep(-1.05, -0.3, at.y);
    float body = 1.0 - abs(at.x + (n.r - 0.5) * 0.9 * (at.y + 1.0)) / max(wide, 0.02);
    float cover = smoothstep(0.0, STYLE == 0 ? 0.8 : 0.2, body) * smoothstep(1.0, 0.6, at.y);
    vec3 hot = mix(colour.rgb, vec3(2.2, 1.5, 0.6), smoothstep(0.35, 1.0, body) * (1.0 - trait.x));
    return vec4(hot, colour.a * edge(cover));
}
