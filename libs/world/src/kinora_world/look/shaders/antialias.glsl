// FXAA after Lottes (2009), the small variant: blur along edges found by luma, which green stands for.
in vec2 corner;
out vec4 pixel;
uniform sampler2D frame;
uniform vec2 texel;

ivec2 last = textureSize(frame, 0) - 1;
vec3 seen(ivec2 at) { return texelFetch(frame, clamp(at, ivec2(0), last), 0).rgb; }

void main() {
    ivec2 own = ivec2(gl_FragCoord.xy);
    vec3 here = seen(own);
    float north = seen(own - ivec2(0, 1)).g, south = seen(own + ivec2(0, 1)).g;
    float west = seen(own - ivec2(1, 0)).g, east = seen(own + ivec2(1, 0)).g;
    float least = min(here.g, min(min(north, south), min(west, east)));
    float most = max(here.g, max(max(north, south), max(west, east)));
    bool edge = most - least >= max(0.04, most * 0.1);
    vec2 at = corner * 0.5 + 0.5, along = vec2(north - south, east - west);
    float reduce = max((north + south + west + east) * 0.03, 0.008);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + reduce), -6.0, 6.0) * texel;
    vec3 near = vec3(0), far = vec3(0);
    // A loop, because llvmpipe runs both sides of a branch but leaves a loop when no pixel of the block goes on.
    for (int i = 0; i < (edge ? 4 : 0); i++) {
        vec3 c = textureLod(frame, at + along * (i < 2 ? 0.1667 : 0.5) * ((i & 1) == 0 ? 1.0 : -1.0), 0.0).rgb;
        near += i < 2 ? c * 0.5 : vec3(0);
        far += i < 2 ? vec3(0) : c * 0.5;
    }
    vec3 wide = (near + far) * 0.5;
    pixel = vec4(!edge ? here : wide.g < least || wide.g > most ? near : wide, 1);
}
