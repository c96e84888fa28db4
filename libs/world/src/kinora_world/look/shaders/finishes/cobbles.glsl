// Rounded setts in rows.
void finish(inout Surface s) {
    vec2 at = s.world.xy / vec2(0.24, 0.17);
    at.x += 0.5 * mod(floor(at.y), 2.0) + 0.12 * noise(vec2(floor(at.y) * 0.13, 0.2)).r;
    vec2 f = fract(at) - 0.5;
    vec4 own = noise(floor(at) * 0.117), n = noise(s.world.xy * 0.1);
    float calm = clamp(1.3 - fwidth(at.y) * 1.2, 0.0, 1.0);
    float edge = pow(abs(f.x * 2.0), 4.0) + pow(abs(f.y * 2.0), 4.0);
    s.albedo *= (0.75 + 0.4 * own.a) * (0.8 + 0.3 * tone(n.g)) * mix(0.8, mix(1.08, 0.34, smoothstep(0.35, 1.0, edge)), calm);
    s.normal = normalize(s.normal + vec3(f * 0.9, 0) * calm);
    s.roughness = 0.7;
    s.occlusion = 1.0;
}
