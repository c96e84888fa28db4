
// A painted backdrop with cotton clouds hung before it.
vec3 paint_sky(vec3 d, float up) {
    vec2 at = vec2(atan(d.x, d.y), up);
    vec4 brush = noise(at * vec2(0.5, 1.6));
    vec3 c = mix(encode(palette[2].rgb), encode(palette[1].rgb), smoothstep(0.0, 0.22, up + (brush.g - 0.5) * 0.04));
    c = mix(c, encode(palette[0].rgb), smoothstep(0.12, 0.7, up + (brush.r - 0.5) * 0.06)) * (0.95 + 0.08 * brush.g);
    float cover = palette[3].w;
    for (int layer = 0; layer < 2; layer++) {
        float wide = layer == 0 ? 2.6 : 4.3, base = layer == 0 ? 0.3 : 0.15;
        float u = at.x * wide + time * 0.006 + float(layer) * 5.7 + 0.4;
        float own = floor(u), f = fract(u) - 0.5;
        vec4 dice = noise(vec2(own * 0.173, 0.77 + float(layer) * 0.2));
        vec2 p = vec2(f - (dice.g - 0.5) * 0.3, (up - base - 0.1 * (dice.a - 0.5)) * wide) / (0.9 + 0.5 * dice.b);
        float puff = 1.0, lit = 0.0;
        for (int k = 0; k < 4; k++) {
            vec2 q = p - vec2((float(k) - 1.5) * 0.13, 0.05 * float((k + 1) & 2) * (0.6 + dice.r));
            float r = 0.125 - 0.02 * abs(float(k) - 1.2 - dice.r);
            float away = length(q) / r + (noise(q * 0.9 + dice.rg).g - 0.5) * 0.35;
            if (away < puff) { puff = away; lit = 0.5 + 0.5 * dot(q / r, vec2(0.45, 0.8)); }
        }
        float cloud = step(dice.r, 0.45 + 0.6 * cover) * smoothstep(1.0, 0.9, puff);
        vec3 cotton = encode(palette[3].rgb) * mix(vec3(0.74, 0.76, 0.84), vec3(1.02), smoothstep(0.1, 0.85, lit));
        c = mix(c, cotton, cloud);
    }
#ifdef NIGHT
    c += vec3(1.0, 0.93, 0.7) * smoothstep(0.15, 0.4, star(d)) * smoothstep(0.02, 0.1, up);
    float moon = dot(d, normalize(vec3(-0.32, 0.85, 0.36)));
    c = mix(c, vec3(1.0, 0.95, 0.78) * (0.88 + 0.2 * noise(at * 3.0).r), smoothstep(0.9976, 0.9979, moon));
#endif
    return clamp(c, 0.0, 1.0);
}
