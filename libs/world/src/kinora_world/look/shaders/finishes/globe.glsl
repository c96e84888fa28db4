// A planet with seas, land and clouds.
void finish(inout Surface s) {
    vec3 q = normalize(s.local);
    vec4 land = noise(q.xz * 0.35 + 0.2), cloud = noise(q.xz * 0.5 + q.y * 0.2);
    s.albedo = mix(s.albedo, vec3(0.12, 0.2, 0.07), smoothstep(0.5, 0.56, land.r));
    s.albedo = mix(s.albedo, vec3(0.85), smoothstep(0.55, 0.75, cloud.g) * 0.9);
    s.roughness = 0.8;
    s.occlusion = 1.0;
}
