// Silver: a steep curve over black and white, grain that dances, darker corners.
vec3 printed(vec2 at) {
    vec3 c = antialiased(at);
    float silver = dot(c, vec3(0.36, 0.5, 0.14));
    silver = mix(silver, smoothstep(0.04, 0.84, silver), 0.7);
    silver = mix(silver, pow(silver, 0.72), dusk);   // night is printed lighter
    vec2 grain_at = at / texel / 512.0 + fract(vec2(12.9898, 78.233) * floor(time * 24.0) * 0.37);
    silver += (noise(grain_at).a - 0.5) * (0.05 + 0.09 * silver * (1.0 - silver));
    vec2 off = (at - 0.5) * vec2(1.1, 1.0);
    silver *= 1.0 - 0.85 * dot(off, off);
    return vec3(0.985, 0.99, 1.0) * clamp(silver, 0.0, 1.0);
}
