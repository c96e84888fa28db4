
// Flat bands of sky, and clouds made of scalloped puffs.
vec3 paint_sky(vec3 d, float up) {
    vec3 c = mix(encode(palette[2].rgb), encode(palette[1].rgb), smoothstep(0.02, 0.18, up));
    c = mix(c, encode(palette[0].rgb), smoothstep(0.16, 0.6, up));
    c = mix(vec3(luma(c)), c, 1.3);
    float around = atan(d.x, d.y);
    float cloud = 0.0, under = 0.0;
    for (int layer = 0; layer < 2; layer++) {
        float wide = layer == 0 ? 3.2 : 5.2, base = layer == 0 ? 0.27 : 0.14;
        float u = around * wide + time * 0.01 + float(layer) * 3.3;
        float own = floor(u), f = fract(u) - 0.5;
        vec4 dice = noise(vec2(own * 0.173, 0.31 + float(layer) * 0.2));
        // Azimuth and height in the same measure, so that puffs are round.
        vec2 p = vec2(f - (dice.g - 0.5) * 0.25, (up - base - 0.1 * (dice.a - 0.5)) * wide) / (0.75 + 0.35 * dice.b);
        float puff = 1.0;
        for (int k = 0; k < 5; k++) {
            float x = (float(k) - 2.0) * 0.11, r = 0.1 - 0.028 * abs(float(k) - 1.6 - dice.r);
            puff = min(puff, length(p - vec2(x, r * 0.7)) - r);
        }
        float shape = step(dice.r, 0.8) * inside(max(puff, -p.y));
        cloud = max(cloud, shape);
        under = max(under, shape * inside(p.y - 0.035 - 0.02 * sin(p.x * 40.0)));
    }
    vec3 white = encode(palette[3].rgb * 1.15);
    c = mix(c, white, cloud * 0.95);
    c = mix(c, white * vec3(0.86, 0.89, 0.96), under * 0.9);
#ifdef NIGHT
    c += vec3(1.0, 0.95, 0.75) * smoothstep(0.2, 0.5, star(d)) * (1.0 - cloud) * smoothstep(0.02, 0.1, up);
    float moon = dot(d, normalize(vec3(-0.32, 0.85, 0.36))), bite = dot(d, normalize(vec3(-0.29, 0.85, 0.375)));
    c = mix(c, vec3(1.0, 0.96, 0.8), smoothstep(0.9985, 0.9987, moon) * smoothstep(0.9987, 0.9985, bite));
#endif
    return clamp(c, 0.0, 1.0);
}
