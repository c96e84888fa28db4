in vec2 corner;
out vec4 pixel;
uniform mat4 unproject;
vec3 paint_sky(vec3 d, float up);
uniform vec4 palette[4];    // zenith, middle, horizon, cloud: linear RGB; cloud.w is how much of the sky it covers

float star(vec3 d) {
    vec2 at = vec2(atan(d.x, d.y) * 1.9, d.z * 2.3) * 22.0;
    vec2 own = floor(at), f = fract(at) - 0.5;
    vec4 dice = noise(own * vec2(0.1371, 0.2113));
    float size = 0.035 + 0.05 * dice.b * dice.b;
    return step(0.58, dice.a) * smoothstep(size, size * 0.3, length(f - (dice.rg - 0.5) * 0.7)) * (0.4 + 0.6 * dice.g);
}

void main() {
    vec4 far = unproject * vec4(corner, 1, 1);
    vec3 d = normalize(far.xyz / far.w - eye);
    pixel = vec4(paint_sky(d, max(d.z, 0.0)), 1);
}
