// Snow: a soft fleck, a star of six rays where it is drawn.
vec4 drawn(vec2 at) {
    float r = length(at);
#if STYLE == 0
    return vec4(colour.rgb, colour.a * smoothstep(1.0, 0.15, r + (noise(at * 0.2 + trait.y).g - 0.5) * 0.5));
#else
    float turn = atan(at.y, at.x) + trait.y * 6.0;
    float ray = 0.62 + 0.38 * abs(cos(turn * 3.0));
    return vec4(colour.rgb, colour.a * smoothstep(ray, ray - 0.3, r));
#endif
}
