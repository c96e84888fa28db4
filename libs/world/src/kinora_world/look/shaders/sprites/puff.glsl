// A soft ball with a billowing edge.
vec4 drawn(vec2 at) {
    vec4 n = noise(at * 0.16 + trait.y * 7.0 + vec2(0, -0.05 * trait.x)), m = noise(at * 0.4 + trait.y * 3.0);
    float r = length(at) + (n.r - 0.5) * 0.55 + (n.g - 0.5) * 0.3 + (m.r - 0.5) * 0.25;
    float cover = smoothstep(0.92, STYLE == 0 ? 0.0 : 0.5, r) * smoothstep(1.0, 0.8, length(at));
    float lit = 0.72 + 0.35 * clamp(dot(at, vec2(0.25, 0.75)) + (n.r - 0.5), -1.0, 1.0);
    return vec4(colour.rgb * (STYLE == 0 ? lit : mix(0.78, 1.08, step(0.72, lit))), colour.a * edge(cover));
}
