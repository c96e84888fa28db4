void finish(inout Surface s) {
    vec3 q = normalize(s.local);
    float seam = min(min(abs(q.x), abs(q.z)), abs(length(vec2(q.x, abs(q.y) - 1.02)) - 0.62));
    float soft = max(fwidth(seam), 0.001);
    float pebble = noise(q.xz * 3.0 + q.y).a;
    s.albedo *= 0.85 + (STYLE == 0 ? 0.3 * pebble : 0.12);
    s.albedo = mix(vec3(0.02), s.albedo, smoothstep(0.022 - soft, 0.022 + soft, seam));
    s.roughness = 0.6;
    s.wrap = 0.1;
}
