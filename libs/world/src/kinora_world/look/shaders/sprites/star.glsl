// A glint with four rays.
vec4 drawn(vec2 at) {
    vec2 p = abs(at);
    float rays = max(0.0, 1.0 - p.x - p.y * 9.0) + max(0.0, 1.0 - p.y - p.x * 9.0);
    float core = smoothstep(0.32, 0.0, length(at));
    float cover = STYLE == 0 ? clamp(rays + core, 0.0, 1.0) : smoothstep(0.1, 0.25, rays + core);
    return vec4(mix(colour.rgb, vec3(1.8), core * 0.8), colour.a * cover);
}
