// What is seen while the shutter is open and the camera turns: each pixel along the way it has come (Rosado, GPU Gems 3, 2007).
in vec2 corner;
out vec4 pixel;
uniform sampler2D frame;
uniform sampler2D depths;
uniform sampler2D noises;
uniform mat4 unproject;
uniform mat4 opened;       // stage to clip space when the shutter opened
const int STEPS = 14;

void main() {
    vec2 at = corner * 0.5 + 0.5;
    vec4 world = unproject * vec4(corner, textureLod(depths, at, 0.0).r * 2.0 - 1.0, 1);
    vec4 was = opened * (world / world.w);
    vec2 way = clamp(was.xy / was.w * 0.5 + 0.5 - at, -0.25, 0.25);
    float dice = texture(noises, gl_FragCoord.xy / 512.0).a;
    vec3 sum = vec3(0);
    for (int i = 0; i < STEPS; i++) sum += textureLod(frame, at + way * ((float(i) + dice) / float(STEPS) - 0.5), 0.0).rgb;
    pixel = vec4(sum / float(STEPS), 1);
}
