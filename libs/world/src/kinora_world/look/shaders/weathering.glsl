// What weather leaves on things: a film of water, puddles on the ground, snow on what faces up.
uniform float wet;
uniform float snow;

#ifdef SNOW
void weather(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.11 + s.world.z * 0.07), fine = noise(s.world.xy * 0.9);
#ifdef GROUND
    float bare = smoothstep(0.62, 0.86, n.g * 0.6 + fine.g * 0.4) * 0.55;   // grass and stones show through where it is thin
    float lies = snow * (1.0 - bare);
    if (STYLE == 0) s.normal = normalize(s.normal + vec3(n.rg - 0.5, 0) * 0.5 + vec3(fine.rg - 0.5, 0) * 0.25);
#else
    float slope = s.normal.z + (fine.r - 0.5) * 0.45;
    float lies = snow * (STYLE == 0 ? smoothstep(0.3, 0.62, slope) : smoothstep(0.42, 0.48, slope));
#endif
    vec3 flakes = vec3(0.8, 0.84, 0.92) * (STYLE == 0 ? 1.0 : 0.8) * (0.9 + 0.14 * tone(n.r));
    s.albedo = mix(s.albedo, flakes, lies);
    s.roughness = mix(s.roughness, 0.92, lies);
    s.metal *= 1.0 - lies;
    s.glow *= 1.0 - lies;
    s.wrap = mix(s.wrap, 0.35, lies);
    s.occlusion = mix(s.occlusion, max(s.occlusion, 0.8), lies);
}
#endif

#ifdef WET
void weather(inout Surface s) {
    float up = max(s.normal.z, 0.0);
    s.albedo *= mix(1.0, 0.48, wet * (0.4 + 0.6 * up));
    s.roughness *= mix(1.0, 0.55, wet * (0.3 + 0.7 * up));
}

// How deep a puddle stands here, 0..1.
float puddle(vec3 at) {
    float hollow = noise(at.xy * 0.05 + 0.37).r * 0.8 + noise(at.xy * 0.23).r * 0.2;
    return wet * (STYLE == 0 ? smoothstep(0.5, 0.62, hollow) : smoothstep(0.55, 0.565, hollow));
}

// The sky in the water, broken by what falls into it, over the shaded ground `c`.
vec3 mirrored(vec3 c, Surface s) {
    float deep = puddle(s.world);
    vec2 shiver = (noise(s.world.xy * 1.4 + vec2(time * 0.21, -time * 0.17)).rg + noise(s.world.xy * 2.3 - time * 0.3).gr - 1.0);
    vec3 n = normalize(vec3(shiver * mix(0.3, 0.07, deep), 1.0));
    vec3 view = normalize(eye - s.world), away = reflect(-view, n);
    float cosine = 1.0 - clamp(dot(view, n), 0.0, 1.0);
    float strength = (0.1 + 0.9 * cosine * cosine * cosine * cosine) * mix(0.14, 1.0, deep) * wet;
    vec3 sky = mix(fog_colour * 0.95, sky_light * 0.9, smoothstep(0.0, 0.6, away.z));
    sky += key_light * 0.35 * pow(max(dot(away, key_direction), 0.0), 60.0) * (1.0 - overcast * 0.9);
#if LAMPS > 0
    for (int i = 0; i < LAMPS; i++) {
        vec3 to = normalize(lamp_place[i].xyz - s.world);
        // A lamp's image is drawn out towards the eye.
        float aside = dot(away, normalize(vec3(to.y, -to.x, 0) + 1e-4)), above = away.z - to.z;
        sky += lamp_light[i] * (0.5 * exp(-aside * aside * 900.0 - above * above * 26.0)) * dusk;
    }
#endif
    vec3 seen = pow(clamp(sky, 0.0, 1.0), vec3(1.0 / 2.2));
    return mix(c, seen, clamp(strength, 0.0, 0.85));
}
#endif
