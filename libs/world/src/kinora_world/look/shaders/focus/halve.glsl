// A picture of half the size, with the circles in its alpha.
uniform sampler2D frame;

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy) * 2;
    vec3 c = texelFetch(frame, at, 0).rgb + texelFetch(frame, at + ivec2(1, 0), 0).rgb;
    c += texelFetch(frame, at + ivec2(0, 1), 0).rgb + texelFetch(frame, at + ivec2(1, 1), 0).rgb;
    pixel = vec4(c * 0.25, circle(at) / MOST * 0.5 + 0.5);
}
