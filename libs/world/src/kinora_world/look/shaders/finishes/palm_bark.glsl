void finish(inout Surface s) {
    float ring = abs(fract(s.local.z * 7.0 + noise(s.local.xy).r * 0.4) - 0.5) * 2.0;
    s.albedo *= 0.65 + 0.45 * tone(ring) ;
    s.normal = normalize(s.normal + vec3(0, 0, 0.5 - ring) * 0.5);
}
