
vec3 paint_sky(vec3 d, float up) {
    vec3 c = mix(palette[2].rgb, palette[1].rgb, smoothstep(0.0, 0.22, up));
    c = mix(c, palette[0].rgb, smoothstep(0.12, 0.75, up));
    float toward = max(dot(d, key_direction), 0.0);
    vec3 sun = key_light / max(key_light.r, 0.2);
    c += sun * (0.5 * pow(toward, 12.0) * (1.0 - dusk * 0.7) + 0.25 * pow(toward, 90.0)) * (1.0 - dusk * 0.85);
    vec2 at = d.xy / (up + 0.2);
    vec4 big = noise(at * 0.055 + vec2(0.31, 0.62) + time * 0.0008), small = noise(at * 0.19 + big.rg * 0.015 + time * 0.0015);
    float cover = palette[3].w;
    float mass = big.r * 0.6 + small.r * 0.26 + small.g * 0.14;
    float cloud = smoothstep(0.98 - cover, 1.18 - cover, mass) * smoothstep(0.01, 0.1, up);
    float thick = smoothstep(1.0 - cover, 1.4 - cover, mass - 0.12 * noise(at * 0.055 + vec2(0.31, 0.62) + key_direction.xy * 0.012).r);
    vec3 lit = palette[3].rgb * mix(1.06, 0.62, thick) + sun * 0.3 * pow(toward, 5.0) * (1.0 - dusk * 0.6);
    c = mix(c, lit, cloud * 0.92);
#ifdef NIGHT
    c += star(d) * (1.0 - cloud) * smoothstep(0.02, 0.3, up) * 0.8;
    float moon = dot(d, normalize(vec3(-0.32, 0.85, 0.36)));
    c += vec3(0.85, 0.88, 0.95) * smoothstep(0.99955, 0.99965, moon) + vec3(0.2, 0.25, 0.36) * pow(max(moon, 0.0), 160.0) * 0.7;
#endif
    return filmed(c * 0.95);
}
