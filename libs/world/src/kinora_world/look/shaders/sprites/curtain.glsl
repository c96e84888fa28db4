// A hanging veil of northern light, folded like a curtain.
vec4 drawn(vec2 at) {
    float fold = noise(vec2(at.x * 0.22 + trait.y, time * 0.004)).r - 0.5;
    float y = at.y * 0.5 + 0.5 - fold * 0.35;
    float rays = 0.45 + 0.8 * noise(vec2(at.x * 0.9 + fold * 0.6 + time * 0.006, trait.y)).g;
    float veil = smoothstep(0.08, 0.22, y) * exp(-max(y - 0.2, 0.0) * 3.6) * rays * smoothstep(1.0, 0.6, abs(at.x)) * smoothstep(-1.0, -0.75, at.y);
    return vec4(mix(colour.rgb, colour.rgb.brg, smoothstep(0.3, 0.8, y)), colour.a * veil);
}
