// A square on the ground under what stands near it.
uniform mat4 view_projection;
uniform vec4 contact[24];   // x, y, height above the ground, radius
out vec2 away;
flat out float dark;

void main() {
    vec4 own = contact[gl_InstanceID];
    away = (vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0) * 1.8;
    dark = 0.62 / (1.0 + 7.0 * own.z);
    gl_Position = view_projection * vec4(own.xy + away * (own.w + own.z * 0.8), 0.016, 1);   // on top of rugs and lines
}
