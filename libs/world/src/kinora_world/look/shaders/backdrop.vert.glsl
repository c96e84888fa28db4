in vec3 in_position;
in vec2 in_place;
uniform mat4 model;
uniform mat4 view_projection;
uniform vec3 eye;
out vec2 place;
out float away;

void main() {
    vec4 at = model * vec4(in_position, 1);
    place = in_place;
    away = length(at.xyz - eye);
    gl_Position = view_projection * at;
    gl_Position.z = gl_Position.w * 0.999 + gl_Position.z * 0.001;   // behind all else, its own parts in order
}
