// Gathers what spreads to here. What lies behind spreads no further than this point's own circle, so that it does not leak over edges in
// focus. Alpha: how much of it all comes from before the focus.
uniform sampler2D halved;
const int TAPS = 20;

void main() {
    ivec2 own = ivec2(gl_FragCoord.xy), last = textureSize(halved, 0) - 1;
    vec4 here = texelFetch(halved, own, 0);
    float circle_here = (here.a - 0.5) * 2.0 * MOST;
    vec4 sum = vec4(here.rgb, 1);
    float before = 0.0;
    for (int i = 0; i < TAPS; i++) {
        float far = sqrt((float(i) + 0.5) / float(TAPS)) * MOST, turn = float(i) * 2.39996;
        vec4 there = texelFetch(halved, clamp(own + ivec2(round(vec2(cos(turn), sin(turn)) * far * spread)), ivec2(0), last), 0);
        float circle_there = (there.a - 0.5) * 2.0 * MOST;
        float reach = circle_there > circle_here ? min(abs(circle_there), abs(circle_here)) : abs(circle_there);
        float weight = clamp((reach - far) * spread + 0.5, 0.0, 1.0);
        sum += vec4(there.rgb, 1) * weight;
        before += circle_there < -0.1 ? weight : 0.0;
    }
    pixel = vec4(sum.rgb / sum.a, clamp(before / float(TAPS) * MOST * MOST, 0.0, 1.0));
}
