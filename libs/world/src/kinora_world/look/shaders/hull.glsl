flat in vec4 colour;
flat in vec3 size;
out vec4 pixel;

void main() {
    vec3 base = pow(colour.rgb, vec3(1.0 / 2.2));
    pixel = vec4(mix(INK.rgb, base * base, INK.a), 1);
}
