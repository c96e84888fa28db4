// Each drawing says what a sprite looks like; here it is lit, and finished as the style has it.
in vec2 at;
in vec3 world;
flat in vec4 colour;
flat in vec2 trait;       // the share of its life that is over, a number of its own
out vec4 pixel;
uniform float glows;      // 0 lit by the stage, 1 shining by itself
vec4 drawn(vec2 at);      // linear RGB and opacity

// Drawn styles have edges where real ones are soft.
float edge(float cover) { return STYLE == 0 ? cover : smoothstep(0.3, 0.42, cover) * mix(0.75, 1.0, cover); }

void main() {
    vec4 c = drawn(at);
    if (c.a < 0.004) discard;
    vec3 light = mix(key_light * 0.3 + sky_light * 0.55, vec3(1), glows);
    float away = max(length(world - eye) - 10.0, 0.0);
    c.rgb = mix(fog_colour, c.rgb * light, mix(exp(-away * fog_density), 1.0, glows));
    c.rgb /= max(1.0, 0.85 * max(c.r, max(c.g, c.b)));   // what shines keeps its hue
    pixel = vec4(encode(c.rgb), c.a);
}
