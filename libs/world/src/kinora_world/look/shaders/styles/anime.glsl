float tone(float n) { return 0.5 + 0.34 * (smoothstep(0.36, 0.42, n) + smoothstep(0.6, 0.66, n) - 1.0) * 0.6 + (n - 0.5) * 0.15; }

// Three soft tones with coloured shadows, a warm rim at the terminator, and a pastel grade.
vec3 shade(Surface s) {
    vec3 view = normalize(eye - s.world);
    float open = in_light(s.world, s.normal);
    float day = daylight;
    float half_lambert = (dot(s.normal, key_direction) * 0.5 + 0.5) * mix(0.42, 1.0, open);
    float light = smoothstep(0.5, 0.56, half_lambert), deep = smoothstep(0.3, 0.22, half_lambert);
    vec3 base = encode(s.albedo);
    base = mix(base, vec3(luma(base)), -0.12);
    vec3 warm = key_light / max(max(key_light.r, key_light.g), key_light.b);
    vec3 air = sky_light / max(max(sky_light.r, sky_light.g), sky_light.b);
    vec3 bright = mix(vec3(0.26, 0.33, 0.7) * seen_at_night, mix(vec3(1.06, 1.03, 0.98), warm * 1.12, 0.55), day);
    vec3 shadow = mix(vec3(0.15, 0.19, 0.48) * seen_at_night, mix(vec3(0.72, 0.68, 0.9), air * warm * 0.95, 0.35), day);
    vec3 c = base * mix(shadow, bright, light);
    c *= mix(vec3(1), vec3(0.84, 0.82, 0.95), deep);
    float edge = light * (1.0 - light) * 4.0;
    c += base * vec3(0.16, 0.03, -0.02) * edge * (0.3 + s.wrap) * day;
    float rim = smoothstep(0.62, 0.8, 1.0 - max(dot(s.normal, view), 0.0)) * smoothstep(-0.2, 0.4, dot(s.normal, key_direction)) * open;
    c += rim * 0.16 * mix(vec3(0.5, 0.6, 1), warm, day) * (1.0 - s.metal);
    vec3 between = normalize(key_direction + view);
    c += (0.1 + 0.3 * (1.0 - s.roughness)) * smoothstep(0.985, 0.995, dot(s.normal, between)) * step(s.roughness, 0.6) * light;
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp_place[i].xyz - s.world;
        float far = length(to), fade = clamp(1.0 - far / lamp_place[i].w, 0.0, 1.0);
        c += base * lamp_light[i] * fade * (0.06 + 0.2 * smoothstep(-0.1, 0.25, dot(s.normal, to / far)) * fade) * dusk;
    }
#endif
    c += s.glow * 0.8;
    float away = length(s.world - eye);
    vec3 haze = mix(encode(fog_colour), vec3(0.62, 0.78, 0.98), 0.35 * day);
    c = mix(haze, c, exp(-max(away - 12.0, 0.0) * fog_density * 1.6));
    return clamp(mix(c, c * 0.9 + 0.07, 0.7 * day), 0.0, 1.0);
}
