// Darkens the ground that is drawn already where less of the sky is seen from it.
in vec2 place;             // -1..1 on the map
out vec4 pixel;
uniform sampler2D covered;

void main() {
    float edge = smoothstep(1.0, 0.88, max(abs(place.x), abs(place.y)));
    pixel = vec4(vec3(1.0 - 0.8 * edge * texture(covered, place * 0.5 + 0.5).r), 1);
}
