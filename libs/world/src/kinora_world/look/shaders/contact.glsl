// Darkens what is drawn already: less of the sky is seen from there.
in vec2 away;
flat in float dark;
out vec4 pixel;

void main() {
    float open_sky = 1.0 - dark * max(exp(-dot(away, away) * 1.6) - 0.0056, 0.0);
    pixel = vec4(vec3(mix(0.2, 1.0, open_sky)), 1);
}
