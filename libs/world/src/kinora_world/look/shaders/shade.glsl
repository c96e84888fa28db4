// A shadow on a picture's ground: what is drawn there already is darkened.
in vec3 world;
out vec4 pixel;
uniform float strength;
uniform vec3 sky_light;

void main() {
    float dark = (1.0 - reached(world, vec3(0, 0, 1), 2.5)) * strength;
    vec3 tint = sky_light / max(max(sky_light.r, sky_light.g), max(sky_light.b, 0.01));
    pixel = vec4(mix(vec3(1), 0.75 * tint, dark), 1);
}
