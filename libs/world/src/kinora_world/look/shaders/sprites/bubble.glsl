// A thin film: clear in the middle, coloured at the rim, with the window's light on it.
vec4 drawn(vec2 at) {
    float r = length(at);
    float rim = smoothstep(0.55, 0.96, r) * smoothstep(1.0, 0.96, r);
    vec3 film = 0.55 + 0.45 * cos(6.28 * (vec3(0.0, 0.33, 0.67) + at.y * 0.7 + trait.y + 0.5 * noise(at * 0.1 + trait.y).r));
    float shine = smoothstep(0.22, 0.08, length((at - vec2(-0.4, 0.45)) * vec2(1, 1.3))) + 0.5 * smoothstep(0.12, 0.04, length(at - vec2(0.45, -0.5)));
    float cover = clamp(0.08 * step(r, 0.98) + rim * 0.75 + shine, 0.0, 1.0);
    return vec4(mix(mix(colour.rgb, film, 0.6), vec3(1.4), min(shine, 1.0)), colour.a * cover);
}
