float tone(float n) { return 0.5 + (n - 0.5) * 0.7; }

// How light the paper stays: things are told apart by their own greys, the light by more or less of them.
vec3 shade(Surface s) {
    float open = in_light(s.world, s.normal);
    float base = pow(clamp(luma(s.albedo), 0.0, 1.0), 1.0 / 2.2);
    float light = clamp(dot(s.normal, key_direction) * 0.55 + 0.45, 0.0, 1.0) * mix(0.4, 1.0, open);
    float c = mix(0.3, 1.0, base) * mix(0.34, 1.08, light) * mix(0.55, 1.0, s.occlusion);
    c = mix(c * 0.52 * seen_at_night, c + 0.08, daylight);
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp_place[i].xyz - s.world;
        float far = length(to), fade = clamp(1.0 - far / lamp_place[i].w, 0.0, 1.0);
        c += (base * 0.7 + 0.3) * luma(lamp_light[i]) * fade * fade * (0.05 + 0.2 * clamp(dot(s.normal, to / far) + 0.2, 0.0, 1.0)) * dusk;
    }
#endif
    c += luma(s.glow) * 0.9;
    // What is far is drawn with a lighter hand, and so is everything that is not alive.
    float far = exp(-max(length(s.world - eye) - 9.0, 0.0) * (0.009 + fog_density));
#ifndef BODY
    far *= mix(1.0, 0.8, daylight);
#endif
    return vec3(clamp(mix(mix(0.34, 0.97, daylight), c, far), 0.0, 1.0));
}
