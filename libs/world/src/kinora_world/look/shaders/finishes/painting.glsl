// Hills under a low sun.
void finish(inout Surface s) {
    vec2 at = s.local.xz / s.size.xz;
    vec4 brush = noise(at * 0.35 + 0.2);
    vec3 c = mix(vec3(0.85, 0.55, 0.3), vec3(0.25, 0.42, 0.6), clamp(at.y * 0.7 + 0.3 + (brush.g - 0.5) * 0.3, 0.0, 1.0));
    c = mix(c, vec3(0.95, 0.8, 0.5), inside(length((at - vec2(0.35, 0.2)) * vec2(1.5, 1.0)) - 0.18));
    c = mix(c, vec3(0.3, 0.33, 0.42), inside(at.y - 0.05 - 0.2 * sin(at.x * 2.6 + 0.6) - brush.r * 0.1));
    c = mix(c, vec3(0.2, 0.3, 0.2), inside(at.y + 0.3 - 0.16 * sin(at.x * 3.3 + 2.4) - brush.g * 0.08));
    c = mix(c, vec3(0.32, 0.26, 0.1), inside(at.y + 0.62 - 0.1 * sin(at.x * 2.0)));
    s.albedo = c * (0.85 + 0.3 * brush.a);
    s.roughness = 0.6;
}
