// The ground itself, once more.
in vec3 in_position;
uniform mat4 model;
uniform mat4 view_projection;
uniform vec4 spread;       // the map's middle on the stage, and half its sides
out vec2 place;

void main() {
    vec4 at = model * vec4(in_position, 1);
    place = (at.xy - spread.xy) / spread.zw;
    gl_Position = view_projection * at;
}
