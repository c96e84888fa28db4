float tone(float n) { return 0.44 + 0.16 * smoothstep(0.46, 0.5, n); }

// Two flat bands, saturated; what the light leaves out leans to violet.
vec3 shade(Surface s) {
    vec3 view = normalize(eye - s.world);
    float open = in_light(s.world, s.normal);
    float day = daylight;
    float nl = dot(s.normal, key_direction);
    float band = smoothstep(0.02, 0.06, nl) * open;
    vec3 flat_colour = encode(s.albedo);
    flat_colour = clamp(mix(vec3(luma(flat_colour)), flat_colour, 1.35) * 1.05, 0.0, 1.0);
    vec3 warm = key_light / max(max(key_light.r, key_light.g), key_light.b);
    vec3 bright = mix(vec3(0.3, 0.36, 0.66) * seen_at_night, mix(vec3(1.04), warm * 1.1, 0.5), day);
    vec3 shadow = mix(vec3(0.17, 0.2, 0.46) * seen_at_night, mix(vec3(0.66, 0.6, 0.8), warm * 0.62, 0.18), day);
    vec3 c = flat_colour * mix(shadow, bright, band);
    vec3 between = normalize(key_direction + view);
    c += 0.3 * step(0.97 - 0.06 * s.roughness, dot(s.normal, between)) * step(s.roughness, 0.62) * band * day;
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp_place[i].xyz - s.world;
        float far = length(to), fade = clamp(1.0 - far / lamp_place[i].w, 0.0, 1.0);
        float facing = smoothstep(-0.05, 0.1, dot(s.normal, to / far));
        c += flat_colour * lamp_light[i] * (0.07 * smoothstep(0.12, 0.16, fade * facing) + 0.05 * smoothstep(0.42, 0.46, fade * facing)) * dusk;
    }
#endif
    c += s.glow * 0.8;
    float away = length(s.world - eye);
    vec3 haze = encode(fog_colour);
    return clamp(mix(haze, c, exp(-max(away - 14.0, 0.0) * fog_density * 1.3)), 0.0, 1.0);
}
