// Darkens the ground that is drawn already where less of the sky is seen from it.
in vec2 place;
out vec4 pixel;
uniform sampler2D covered;

void main() {
    float edge = smoothstep(0.5, 0.44, max(abs(place.x - 0.5), abs(place.y - 0.5)));
    pixel = vec4(vec3(1.0 - 0.8 * edge * texture(covered, place).r), 1);
}
