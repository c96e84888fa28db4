in vec2 in_corner;
out vec2 corner;

void main() { corner = in_corner; gl_Position = vec4(in_corner, 1, 1); }
