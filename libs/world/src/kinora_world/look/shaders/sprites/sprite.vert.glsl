in vec3 in_centre;
in vec3 in_u;
in vec3 in_v;
in vec4 in_colour;
in vec2 in_trait;
uniform mat4 view_projection;
out vec2 at;          // -1..1 across the sprite
out vec3 world;
flat out vec4 colour;
flat out vec2 trait;

void main() {
    at = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    colour = in_colour;
    trait = in_trait;
    world = in_centre + in_u * at.x + in_v * at.y;
    gl_Position = view_projection * vec4(world, 1);
}
