// The last pass: a style's `printed` makes the finished picture of the drawn and antialiased frame, top row first. Styles whose picture is
// the frame itself have none.
in vec2 corner;
out vec4 pixel;
uniform sampler2D frame;
uniform sampler2D noises;
uniform vec2 texel;        // of the frame, in its texture's coordinates
uniform float time;        // seconds
uniform float dusk;
vec3 antialiased(vec2 at) { return textureLod(frame, at, 0.0).rgb; }
vec3 printed(vec2 at);     // `at` is the place on the frame, bottom row first

vec4 noise(vec2 at) { return texture(noises, at); }
float luma(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

void main() { pixel = vec4(printed(vec2(corner.x * 0.5 + 0.5, 0.5 - corner.y * 0.5)), 1); }
