// The last pass: a style's `printed` makes the finished picture of the drawn frame, top row first.
in vec2 corner;
out vec4 pixel;
uniform sampler2D frame;
uniform sampler2D noises;
uniform vec2 texel;        // of the frame, in its texture's coordinates
uniform float time;        // seconds
uniform float dusk;
vec3 printed(vec2 at);     // `at` is the place on the frame, bottom row first

vec4 noise(vec2 at) { return texture(noises, at); }
float luma(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

void main() { pixel = vec4(printed(vec2(corner.x * 0.5 + 0.5, 0.5 - corner.y * 0.5)), 1); }
