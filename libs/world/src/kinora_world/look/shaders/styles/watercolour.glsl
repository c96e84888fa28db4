float tone(float n) { return n; }

// How unevenly a wash dries: smoothly on people, so that faces stay clear.
#ifdef BODY
#define PIGMENT 0.24
#else
#define PIGMENT 0.5
#endif

// Thin washes: a light one of the thing's colour, a cool glaze in the shade whose edge has bled, paper left bare where the sun strikes.
vec3 shade(Surface s) {
    float open = in_light(s.world, s.normal);
    vec4 wet = noise((s.local.xz + s.local.y * 0.7) * 0.33);
    float light = (dot(s.normal, key_direction) * 0.5 + 0.5) * mix(0.5, 1.0, open) + (wet.g - 0.5) * 0.4 * PIGMENT;
    vec3 base = encode(s.albedo);
    base = clamp(mix(vec3(luma(base)), base, 1.2), 0.0, 1.0);
    vec3 warm = key_light / max(max(key_light.r, key_light.g), key_light.b);
    vec3 glaze = mix(vec3(0.2, 0.24, 0.46) * seen_at_night, mix(vec3(0.6, 0.56, 0.78), warm * 0.7, 0.15), daylight);
    vec3 wash = mix(vec3(0.38, 0.44, 0.7) * seen_at_night, mix(vec3(1.04), warm * 1.08, 0.5), daylight);
    vec3 c = base * mix(glaze, wash, smoothstep(0.4, 0.58, light));
    c *= mix(vec3(0.84, 0.82, 0.95), vec3(1), smoothstep(0.12, 0.34, light));
    // A thin wash shows the paper: paint is a little lighter than the thing, and lightest in the sun.
    c = mix(c, vec3(1), (0.1 + 0.3 * smoothstep(0.72, 1.02, light)) * daylight);
    float density = 1.0 + (wet.r - 0.5) * PIGMENT + (wet.a - 0.5) * 0.14;
    c -= (c - c * c) * (density - 1.0);
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp_place[i].xyz - s.world;
        float far = length(to), fade = clamp(1.0 - far / lamp_place[i].w, 0.0, 1.0);
        c += (base * 0.7 + 0.12) * lamp_light[i] * fade * (0.04 + 0.17 * smoothstep(-0.3, 0.6, dot(s.normal, to / far)) * fade) * dusk;
    }
#endif
    c += s.glow * 0.75;
    vec3 haze = mix(encode(fog_colour), vec3(0.93, 0.95, 0.98), 0.45 * daylight);
    return clamp(mix(haze, c, exp(-max(length(s.world - eye) - 9.0, 0.0) * (fog_density * 1.5 + 0.01 * daylight))), 0.0, 1.0);
}
