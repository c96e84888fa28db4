in vec2 corner;
out vec4 pixel;
uniform vec3 glow;

void main() {
    float near = max(1.0 - length(corner), 0.0);
    pixel = vec4(glow * (near * near * 0.5 + pow(near, 8.0) * 2.0), 0);
}
