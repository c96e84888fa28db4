float tone(float n) { return n; }

float fifth_power(float m) { float m2 = m * m; return m2 * m2 * m; }
float fresnel(float cosine, float base) { return base + (1.0 - base) * fifth_power(1.0 - cosine); }

// GGX with Schlick's fresnel and the Smith term of Karis (2013).
vec3 lit_by(Surface s, vec3 light, vec3 view, vec3 radiance) {
    float nl = dot(s.normal, light);
#ifdef MATTE
    return s.albedo * max((nl + s.wrap) / (1.0 + s.wrap), 0.0) * 0.3183 * radiance;
#else
    float facing = max(nl, 0.0);
    vec3 between = normalize(light + view);
    float nh = max(dot(s.normal, between), 0.0), nv = max(dot(s.normal, view), 0.05), vh = max(dot(view, between), 0.0);
    float a = s.roughness * s.roughness, a2 = a * a, d = nh * nh * (a2 - 1.0) + 1.0;
    float k = (s.roughness + 1.0) * (s.roughness + 1.0) / 8.0;
    float spread = a2 / (3.14159 * d * d) * 0.25 / ((nv * (1.0 - k) + k) * (facing * (1.0 - k) + k));
    vec3 base = mix(vec3(0.04), s.albedo, s.metal);
    vec3 mirror = base + (1.0 - base) * fifth_power(1.0 - vh);
    float wrapped = max((nl + s.wrap) / (1.0 + s.wrap), 0.0);
    vec3 bleed = mix(vec3(1), vec3(1.0, 0.72, 0.6), s.wrap * clamp(1.0 - nl * 2.0, 0.0, 1.0));
    return (s.albedo * (1.0 - s.metal) * wrapped * bleed * 0.3183 + mirror * spread * facing) * radiance;
#endif
}

vec3 shade(Surface s) {
    float gloss = 1.0 - s.roughness;
    vec3 view = normalize(eye - s.world);
    float nv = max(dot(s.normal, view), 0.0);
    float open = in_light(s.world, s.normal);
    vec3 c = lit_by(s, key_direction, view, key_light * 1.55) * mix(open, 1.0, s.wrap * 0.15);
    vec3 ambient = mix(ground_light, sky_light, s.normal.z * 0.5 + 0.5) * s.occlusion;
    c += s.albedo * (1.0 - s.metal * 0.7) * ambient * 0.62;
#ifndef MATTE
    vec3 mirrored = reflect(-view, s.normal);
    vec3 around = mix(ground_light, mix(fog_colour, sky_light, clamp(mirrored.z * 1.4, 0.0, 1.0)), smoothstep(-0.15, 0.15, mirrored.z));
    c += around * mix(vec3(fresnel(nv, 0.04)), s.albedo, s.metal) * gloss * (0.35 + 0.65 * gloss) * s.occlusion;
    c += s.sheen * s.albedo * ambient * (1.0 - nv) * (1.0 - nv) * (1.0 - nv);
#endif
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = lamp_place[i].xyz - s.world;
        float far = length(to), fade = clamp(1.0 - far / lamp_place[i].w, 0.0, 1.0);
        vec3 towards = to / far;
        float facing = max((dot(s.normal, towards) + 0.2) / 1.2, 0.0);
        vec3 between = normalize(towards + view);
        float spark = pow(max(dot(s.normal, between), 0.0), 4.0 + 60.0 * gloss * gloss) * gloss;
        c += lamp_light[i] * fade * fade * (s.albedo * facing * 0.5 + spark * 0.25) * dusk;
    }
#endif
#ifdef BODY
    c *= mix(1.0, 1.1 * pow(0.18 / clamp(luma(c), 0.01, 0.18), PUSHED), dusk);   // as film is, for faces in the dark
#endif
    c += s.glow;
    float away = length(s.world - eye);
    c = mix(fog_colour, c, exp(-max(away - 10.0, 0.0) * fog_density));
    c = mix(vec3(luma(c)), c, 0.88) * 0.8;   // film is less saturated than paint
    return filmed(c);
}
