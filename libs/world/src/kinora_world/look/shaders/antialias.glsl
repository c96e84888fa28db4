// FXAA after Lottes (2009), the small variant: blur along edges found by luma, which green stands for.
vec3 antialiased(vec2 at) {
    ivec2 own = ivec2(at / texel), last = textureSize(frame, 0) - 1;
    vec3 here = texelFetch(frame, own, 0).rgb;
    float south = texelFetch(frame, ivec2(own.x, min(own.y + 1, last.y)), 0).g, north = texelFetch(frame, ivec2(own.x, max(own.y - 1, 0)), 0).g;
    float east = texelFetch(frame, ivec2(min(own.x + 1, last.x), own.y), 0).g, west = texelFetch(frame, ivec2(max(own.x - 1, 0), own.y), 0).g;
    float least = min(here.g, min(min(north, south), min(west, east)));
    float most = max(here.g, max(max(north, south), max(west, east)));
    float range = most - least;
    if (range < max(0.04, most * 0.1)) return here;
    vec2 along = vec2(north - south, east - west);
    float reduce = max((north + south + west + east) * 0.03, 0.008);
    along = clamp(along / (min(abs(along.x), abs(along.y)) + reduce), -6.0, 6.0) * texel;
    vec3 near = 0.5 * (textureLod(frame, at - along * 0.1667, 0.0).rgb + textureLod(frame, at + along * 0.1667, 0.0).rgb);
    vec3 wide = near * 0.5 + 0.25 * (textureLod(frame, at - along * 0.5, 0.0).rgb + textureLod(frame, at + along * 0.5, 0.0).rgb);
    return wide.g < least || wide.g > most ? near : wide;
}
