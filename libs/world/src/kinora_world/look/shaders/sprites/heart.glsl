// Two arcs above a point, with a shine.
vec4 drawn(vec2 at) {
    vec2 p = vec2(abs(at.x), at.y + 0.25) * 0.95;
    float d = p.x + p.y > 1.0 - 0.15 ? length(p - vec2(0.42, 0.44)) - 0.43 : max(p.x - p.y - 0.62, -1.0) * 0.7;
    d = max(d, (p.x - p.y - 0.63) * 0.7);
    float cover = smoothstep(0.05, -0.03, d);
    float shine = smoothstep(0.16, 0.06, length(at - vec2(-0.38, 0.34)));
    float rim = STYLE == 0 ? 0.0 : smoothstep(-0.1, -0.04, d);
    return vec4(mix(mix(colour.rgb, colour.rgb * 0.45, rim), vec3(1.3), shine * 0.8), colour.a * cover);
}
