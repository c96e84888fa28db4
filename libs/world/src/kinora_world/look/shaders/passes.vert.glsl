in vec3 in_position;
#ifdef BODY
in vec3 in_before;
#else
uniform mat4 model;
uniform mat4 model_before;
#endif
uniform mat4 view_projection;
uniform mat4 view_projection_before;
out vec4 now;
out vec4 before;

void main() {
#ifdef BODY
    now = view_projection * vec4(in_position, 1);
    before = view_projection_before * vec4(in_before, 1);
#else
    now = view_projection * model * vec4(in_position, 1);
    before = view_projection_before * model_before * vec4(in_position, 1);
#endif
    gl_Position = now;
}
