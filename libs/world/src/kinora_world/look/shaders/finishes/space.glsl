// Stars, a nebula, and the limb of a planet; looked at through a window.
void finish(inout Surface s) {
    vec3 d = normalize(s.world - eye);
    vec2 at = vec2(atan(d.x, d.y), d.z) * 26.0;
    vec4 dice = noise(floor(at) * vec2(0.137, 0.211)), cloud = noise(vec2(d.x, d.z) * 0.4 + 0.3);
    float star = step(0.6, dice.a) * smoothstep(0.12 * dice.b + 0.04, 0.0, length(fract(at) - 0.5 - (dice.rg - 0.5) * 0.7));
    vec3 c = vec3(0.004, 0.005, 0.012) + vec3(0.12, 0.05, 0.2) * smoothstep(0.5, 0.9, cloud.r) + vec3(0.02, 0.08, 0.16) * smoothstep(0.55, 0.9, cloud.g);
    vec2 p = vec2(atan(d.x, d.y) - 0.28, d.z - 0.02);
    float r = length(p) / 0.24, planet = inside(r - 1.0);
    vec4 land = noise(p * vec2(0.8, 1.5) + 0.4);
    vec3 ball = mix(vec3(0.03, 0.13, 0.34), vec3(0.16, 0.24, 0.1), smoothstep(0.5, 0.6, land.r)) + vec3(0.6) * smoothstep(0.6, 0.8, land.g);
    ball *= clamp(0.25 + 1.3 * dot(normalize(vec3(p / 0.24, sqrt(max(1.0 - r * r, 0.0)))), vec3(-0.6, 0.5, 0.5)), 0.03, 1.4);
    s.glow = mix(c + star * vec3(0.9, 0.95, 1.0), ball + vec3(0.1, 0.25, 0.5) * smoothstep(0.75, 1.0, r), planet);
    s.glow += vec3(0.1, 0.25, 0.5) * smoothstep(1.14, 1.0, r) * (1.0 - planet);
    s.albedo = vec3(0.0);
    s.roughness = 0.9;
}
