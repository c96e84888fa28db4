// A window seen from inside: sky above, blurred greenery below.
void finish(inout Surface s) {
    float up = s.local.z / max(s.size.z, 0.1);
    vec3 toward = normalize(s.world - eye);
    float horizon = up + toward.z * 1.2;
    vec3 sky = mix(fog_colour * 1.2, sky_light * 1.5, clamp(horizon * 0.8 + 0.2, 0.0, 1.0));
    vec3 green = mix(vec3(0.12, 0.2, 0.07), vec3(0.22, 0.3, 0.12), tone(noise(vec2(s.world.x * 0.4 + toward.x, s.world.z * 0.5)).r)) * (luma(sky) * 1.6);
    float hedge = 0.12 + 0.5 * (noise(vec2(s.world.x * 0.22 + toward.x * 0.8, 0.3)).r - 0.5) - up;
    s.glow = mix(sky * mix(1.3, 0.25, dusk), green * mix(1.0, 0.3, dusk), smoothstep(-0.08, 0.08, hedge));
    s.albedo = vec3(0.02);
    s.roughness = 0.1;
}
