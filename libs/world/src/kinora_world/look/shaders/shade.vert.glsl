in vec2 in_corner;
uniform mat4 model;
uniform mat4 view_projection;
out vec3 world;

void main() {
    vec4 at = model * vec4(in_corner, 0.012, 1);
    world = at.xyz;
    gl_Position = view_projection * at;
}
