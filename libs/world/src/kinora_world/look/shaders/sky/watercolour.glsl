
// A graded wash, wetter towards the horizon; clouds are paper left white, with soft undersides dropped in.
vec3 paint_sky(vec3 d, float up) {
    vec2 at = vec2(atan(d.x, d.y), up);
    vec4 wet = noise(at * vec2(0.16, 0.3) + 0.2), fine = noise(at * vec2(0.5, 1.1));
    vec3 c = mix(encode(palette[2].rgb), encode(palette[1].rgb), smoothstep(0.0, 0.25, up + (wet.r - 0.5) * 0.2));
    c = mix(c, encode(palette[0].rgb), smoothstep(0.15, 0.7, up + (wet.g - 0.5) * 0.25));
    c = mix(c, vec3(1), (0.28 + 0.22 * (wet.r - 0.5)) * daylight);
    float mass = noise(at * vec2(0.2, 0.5) + vec2(0.1 + time * 0.0006, 0.55)).r * 0.75 + fine.r * 0.25;
    float cover = palette[3].w;
    float cloud = smoothstep(0.86 - 0.55 * cover, 1.02 - 0.55 * cover, mass) * smoothstep(0.02, 0.12, up);
    vec3 paper = mix(encode(palette[3].rgb), vec3(0.98, 0.98, 0.97), 0.8 * daylight * (1.0 - overcast * 0.6));
    vec3 under = mix(encode(palette[1].rgb), encode(palette[3].rgb), 0.5) * vec3(0.86, 0.86, 0.93);
    c = mix(c, mix(paper, under, smoothstep(0.35, 0.75, fine.g + (0.5 - mass) * 0.8)), cloud);
    c -= (c - c * c) * (wet.g - 0.5) * 0.5;
    float toward = max(dot(d, key_direction), 0.0);
    c = mix(c, vec3(1.0, 0.93, 0.75), 0.55 * pow(toward, 14.0) * daylight * (1.0 - overcast));
#ifdef NIGHT
    c = mix(c, vec3(0.96, 0.95, 0.9), clamp(1.6 * star(d), 0.0, 0.9) * (1.0 - cloud) * smoothstep(0.03, 0.2, up));
    float moon = dot(d, normalize(vec3(-0.32, 0.85, 0.36)));
    c = mix(c, vec3(0.98, 0.96, 0.88), smoothstep(0.9980, 0.9985, moon + 0.0003 * (fine.r - 0.5)));
    c += vec3(0.2, 0.22, 0.25) * pow(max(moon, 0.0), 70.0);
#endif
    return clamp(c, 0.0, 1.0);
}
