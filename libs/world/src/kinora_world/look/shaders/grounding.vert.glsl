in vec2 in_corner;
uniform mat4 model;
uniform mat4 view_projection;
out vec2 place;

void main() {
    place = in_corner * 0.5 + 0.5;
    gl_Position = view_projection * model * vec4(in_corner, 0.004, 1);   // below rugs and lines
}
