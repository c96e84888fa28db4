uniform mat4 view_projection;
uniform vec3 place;
uniform vec3 eye;
uniform float aspect;
out vec2 corner;

void main() {
    corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec4 at = view_projection * vec4(place + normalize(eye - place) * 0.3, 1);
    gl_Position = at + vec4(corner * vec2(1.0 / aspect, 1.0) * 3.4, 0, 0);
}
