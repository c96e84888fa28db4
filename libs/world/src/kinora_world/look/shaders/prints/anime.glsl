// A film grade: light spills in from the sun's side, shadows lean to blue, nothing is quite black.
uniform vec3 key_direction;
uniform vec3 key_light;
uniform float daylight;
uniform float overcast;
uniform float indoor;

vec3 printed(vec2 at) {
    vec3 c = antialiased(at);
    float bright = luma(c);
    c = mix(c, c * vec3(0.9, 0.97, 1.14) + vec3(0.008, 0.014, 0.045), (1.0 - bright) * 0.55);
    c = mix(c, 1.0 - (1.0 - c) * (1.0 - c), 0.16);
    float spill = max(0.0, 1.0 - length((at - vec2(0.5 + 0.6 * sign(key_direction.x), 1.06)) * vec2(0.8, 1.05)));
    vec3 warm = key_light / max(max(key_light.r, key_light.g), key_light.b);
    vec3 glow = mix(vec3(0.02, 0.03, 0.08), warm * 0.34, daylight * (1.0 - 0.8 * overcast) * (1.0 - 0.5 * indoor)) * spill * spill;
    return clamp(1.0 - (1.0 - c) * (1.0 - glow), 0.0, 1.0);
}
