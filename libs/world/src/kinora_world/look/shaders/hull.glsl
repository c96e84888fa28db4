flat in vec4 colour;
flat in vec3 size;
out vec4 pixel;

void main() {
    vec3 base = pow(colour.rgb, vec3(1.0 / 2.2));
#if STYLE == 1
    pixel = vec4(base * 0.12, 1);
#else
    vec3 tinted = base * base * vec3(0.5, 0.42, 0.5);
    pixel = vec4(mix(tinted, vec3(0.12, 0.1, 0.2), 0.4), 1);
#endif
}
