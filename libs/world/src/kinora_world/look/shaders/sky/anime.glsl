
// A painted sky: a clean gradient, and cumulus towers with lit crowns and blue feet rising from the horizon.
vec3 paint_sky(vec3 d, float up) {
    vec3 c = mix(encode(palette[2].rgb * 1.15), encode(palette[1].rgb), smoothstep(0.0, 0.2, up));
    c = mix(c, encode(palette[0].rgb * 0.9), smoothstep(0.1, 0.55, up));
    c = mix(vec3(luma(c)), c, 1.2);
    float around = atan(d.x, d.y);
    float cover = palette[3].w;
    vec3 crown = encode(palette[3].rgb * 1.3), foot = mix(encode(palette[1].rgb), crown, 0.35);
    for (int layer = 0; layer < 2; layer++) {
        float far = float(layer);
        vec2 at = vec2(around * (0.16 - 0.05 * far) + time * 0.0006 * (1.0 + far) + 0.37 * far, up * 0.3);
        vec4 n = noise(at * 2.1 + 0.13), m = noise(at * 6.0 + n.rg * 0.03);
        float tower = noise(vec2(around * (0.1 - 0.03 * far) + 0.21 + far * 0.4, 0.63)).r;
        float tall = (0.1 + 0.62 * smoothstep(0.3, 0.85, tower) * (0.4 + cover)) * (layer == 0 ? 0.7 : 1.0);
        float body = tall * (0.72 + 0.5 * n.r + 0.3 * (m.r - 0.5)) - up;
        float cloud = smoothstep(0.0, 0.012, body) * smoothstep(-0.01, 0.05, up);
        float lit = smoothstep(0.4, 0.5, m.r * 0.5 + n.g * 0.2 + 0.42 * (up / max(tall, 0.05)) - body * 0.5);
        float rim = smoothstep(0.05, 0.0, body);
        vec3 paint = mix(foot, crown, max(lit, rim * 0.7));
        paint = mix(paint, mix(foot, encode(palette[0].rgb), 0.25), smoothstep(0.5, 0.3, m.r) * (1.0 - lit) * 0.6);
        c = mix(c, mix(paint, c, 0.3 * far + 0.4 * smoothstep(0.08, 0.0, up)), cloud);
    }
    vec4 wisp = noise(vec2(d.x / (up + 0.3) * 0.06, d.y / (up + 0.3) * 0.18) + 0.5);
    c = mix(c, crown, smoothstep(0.68, 0.9, wisp.r) * smoothstep(0.25, 0.5, up) * 0.55);
    float toward = max(dot(d, key_direction), 0.0);
    c += key_light / max(key_light.r, 0.2) * 0.22 * pow(toward, 8.0) * (1.0 - dusk * 0.8);
#ifdef NIGHT
    c += vec3(0.9, 0.95, 1.0) * star(d) * smoothstep(0.03, 0.25, up);
    float moon = dot(d, normalize(vec3(-0.32, 0.85, 0.36)));
    c = mix(c, vec3(1.0, 0.98, 0.9), smoothstep(0.9982, 0.9985, moon)) + vec3(0.18, 0.22, 0.34) * pow(max(moon, 0.0), 60.0);
#endif
    return clamp(mix(c, c * 0.92 + 0.06, 0.6), 0.0, 1.0);
}
