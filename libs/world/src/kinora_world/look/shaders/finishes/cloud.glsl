// Tops of clouds.
void finish(inout Surface s) {
    vec4 n = noise(s.world.xy * 0.012 + time * 0.001), m = noise(s.world.xy * 0.05 + s.world.z * 0.1);
    float puff = n.r * 0.6 + m.r * 0.4;
    s.albedo = mix(vec3(0.42, 0.52, 0.7), vec3(0.78, 0.8, 0.82), tone(smoothstep(0.2, 0.75, puff))) * (0.82 + 0.18 * s.normal.z);
    s.normal = normalize(s.normal + vec3(n.gr - 0.5, 0) * 0.5 + vec3(m.gr - 0.5, 0) * 0.4);
    s.roughness = 1.0;
    s.wrap = 0.5;
    s.occlusion = 1.0;
}
