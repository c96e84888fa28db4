float tone(float n) { return mix(0.5, n, 0.6); }

// Where on the clay a point lies, in metres: flat coordinates along the face its normal is nearest to.
vec2 on_clay(Surface s) {
    vec3 n = abs(s.local_normal);
    return n.z > max(n.x, n.y) ? s.local.xy : n.x > n.y ? s.local.yz : s.local.xz;
}

vec4 smooth_noise(vec2 at) { return textureLod(noises, at, 2.6); }
float pressed(vec2 q) { return smoothstep(0.05, 0.62, smooth_noise(q).b); }

// Kneaded: dents where fingers pressed, and here and there the ridges of a thumb; the sculptor's hand is six times a figure's.
vec3 kneaded(Surface s) {
    vec2 q = on_clay(s) * 0.3;
    float near = clamp(1.25 - length(s.world - eye) * 0.055, 0.2, 1.0), here = pressed(q);
    vec2 slope = vec2(pressed(q + vec2(0.006, 0)) - here, pressed(q + vec2(0, 0.006)) - here);
    vec4 lump = smooth_noise(q * 0.8 + 0.3);
    float turn = smooth_noise(q * 1.4).b * 62.0 + lump.r * 9.0;
    float ridges = sin(turn) * clamp(1.0 - fwidth(turn) * 0.6, 0.0, 1.0) * smoothstep(0.46, 0.6, lump.g) * (1.0 - here * 0.6);
    vec3 side = normalize(vec3(s.normal.y, -s.normal.x, 0.02)), up = cross(s.normal, side);
    vec2 lean = slope * 1.7 + (lump.rg - 0.5) * 0.22 + ridges * vec2(0.1, 0.17);
    return normalize(s.normal + (side * lean.x + up * lean.y) * near);
}

// Modelling clay under studio lamps: a warm key that wraps around, a cool kicker from behind, a waxy sheen.
vec3 shade(Surface s) {
    vec3 view = normalize(eye - s.world);
#ifdef MATTE
    vec3 n = s.normal;
#else
    vec3 n = kneaded(s);
#endif
    float open = in_light(s.world, s.normal);
    float nl = dot(n, key_direction);
    float wrapped = clamp((nl + 0.3) / 1.3, 0.0, 1.0) * mix(0.25, 1.0, open);
    vec3 clay = max(mix(vec3(luma(s.albedo)), s.albedo, 1.32), 0.0) * 0.9 + 0.014;
    vec3 warm = key_light / max(max(key_light.r, key_light.g), key_light.b);
    vec3 key = mix(vec3(0.13, 0.17, 0.36) * seen_at_night, vec3(1.5, 1.27, 0.98) * mix(vec3(1), warm, 0.6), daylight);
    vec3 fill = mix(vec3(0.05, 0.065, 0.16), vec3(0.4, 0.4, 0.5), daylight) * (0.65 + 0.35 * n.z) * s.occlusion;
    vec3 bleed = mix(vec3(1), vec3(1.18, 0.9, 0.8), smoothstep(0.5, 0.1, wrapped) * open);
    vec3 c = clay * (key * wrapped * bleed + fill);
    float back = pow(1.0 - max(dot(n, view), 0.0), 3.0) * clamp(n.z * 0.5 + 0.6, 0.0, 1.0);
    c += (clay * 0.6 + 0.05) * back * mix(vec3(0.25, 0.35, 0.7), vec3(0.5, 0.58, 0.7), daylight) * s.occlusion;
    float nh = max(dot(n, normalize(key_direction + view)), 0.0);
    c += vec3(1.0, 0.95, 0.85) * (pow(nh, 22.0) * 0.1 + pow(nh, 90.0) * 0.5 * step(s.roughness, 0.3)) * open * daylight;
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp_place[i].xyz - s.world;
        float far = length(to), fade = clamp(1.0 - far / lamp_place[i].w, 0.0, 1.0);
        c += clay * lamp_light[i] * fade * fade * clamp((dot(n, to / far) + 0.3) / 1.3, 0.0, 1.0) * 0.42 * dusk;
    }
#endif
    c += s.glow * 0.7;
    c = mix(fog_colour, c, exp(-max(length(s.world - eye) - 12.0, 0.0) * fog_density));
    c = c * (1.0 + c * 0.16) / (0.9 + c * 0.62);
    c = encode(c);
    return mix(c, c * c * (3.0 - 2.0 * c), 0.3);   // lamps leave darker darks
}
