// A window seen from inside: sky above, blurred greenery below, and on the pane what the weather throws at it.
uniform float rains;
uniform float snows;

void finish(inout Surface s) {
    float up = s.local.z / max(s.size.z, 0.1);
    vec3 toward = normalize(s.world - eye);
    float horizon = up + toward.z * 1.2;
    vec3 sky = mix(fog_colour * 1.2, sky_light * 1.5, clamp(horizon * 0.8 + 0.2, 0.0, 1.0)) * mix(1.0, 0.5, overcast);
    vec3 green = mix(vec3(0.12, 0.2, 0.07), vec3(0.22, 0.3, 0.12), tone(noise(vec2(s.world.x * 0.4 + toward.x, s.world.z * 0.5)).r)) * (luma(sky) * 1.6);
    float hedge = 0.12 + 0.5 * (noise(vec2(s.world.x * 0.22 + toward.x * 0.8, 0.3)).r - 0.5) - up;
    s.glow = mix(sky * mix(1.3, 0.25, dusk), green * mix(1.0, 0.3, dusk), smoothstep(-0.08, 0.08, hedge));
    s.glow = mix(s.glow, vec3(luma(sky)) * mix(1.25, 0.3, dusk), snows * smoothstep(-0.05, 0.12, hedge) * 0.85);
    vec2 pane = s.world.xz + s.world.yx * vec2(0.6, 0);
    float run = noise(vec2(pane.x * 0.7, pane.y * 0.05 + time * 0.045 + noise(vec2(pane.x * 0.9, 0.2)).g)).g;
    float bead = noise(pane * 1.6).a * noise(pane * 0.7).g;
    s.glow *= 1.0 + rains * (0.5 * smoothstep(0.62, 0.8, run) - 0.35 * smoothstep(0.4, 0.25, run) + 0.4 * smoothstep(0.5, 0.75, bead));
    vec2 flakes = vec2(pane.x + 0.04 * sin(time + pane.y * 3.0), pane.y + time * 0.5) * 7.0;
    vec4 dice = noise(floor(flakes) * vec2(0.137, 0.211));
    float flake = smoothstep(0.2, 0.1, length(fract(flakes) - 0.5 - (dice.rg - 0.5) * 0.6)) * step(0.45, dice.a);
    s.glow = mix(s.glow, vec3(luma(sky)) * mix(1.5, 0.5, dusk), flake * snows);
    s.albedo = vec3(0.02);
    s.roughness = 0.1;
}
