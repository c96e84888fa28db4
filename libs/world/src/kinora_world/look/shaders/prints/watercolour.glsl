// Rough paper under everything; paint gathers in its hollows and along the edges of washes (Bousseau et al., 2006).
vec3 printed(vec2 at) {
    float scale = 720.0 * texel.y;
    vec2 p = at / texel / 512.0 * scale;
    vec4 grain = textureLod(noises, p * 1.15, 0.0), flow = textureLod(noises, p * 0.21 + 0.4, 0.0);
    vec2 wobble = at + (vec2(flow.g, grain.r) - 0.5) * texel * 4.6 / scale;
    vec2 reach = texel * 2.0 / scale;
    vec3 c = textureLod(frame, wobble, 0.0).rgb;
    vec3 one = textureLod(frame, wobble + reach, 0.0).rgb, other = textureLod(frame, wobble + vec2(-reach.x, reach.y * 0.6), 0.0).rgb;
    float edge = clamp(length(one - c) + length(other - c), 0.0, 1.2);
    c = mix(c, (one + other) * 0.5, 0.35);
    float tooth = (grain.g - 0.5) * 0.4 + (grain.a - 0.5) * 0.45;
    float density = 1.0 + 0.85 * edge * (0.6 + 0.6 * flow.r) + 0.5 * tooth * (1.25 - luma(c)) + 0.5 * (flow.g - 0.5);
    c -= (c - c * c) * (density - 1.0);
    // The brush stopped short of the sheet's edge.
    vec2 in_from = min(at, 1.0 - at) / texel * scale;
    float bare = smoothstep(15.0, 23.0, min(in_from.x, in_from.y) + 14.0 * (flow.r - 0.4) + 5.0 * (flow.g - 0.5));
    vec3 paper = vec3(0.985, 0.975, 0.95) - 0.05 * (0.5 - grain.g) - 0.03 * (0.5 - grain.a);
    return clamp(mix(paper, c * mix(vec3(1), paper, 0.75), bare), 0.0, 1.0);
}
