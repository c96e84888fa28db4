// FXAA after Lottes (2009), the small variant: blur along edges found by luma, which green stands for.
vec3 antialiased(vec2 at) {
    vec3 here = textureLod(frame, at, 0.0).rgb;
    vec4 corners = textureGather(frame, at + texel * 0.5, 1);
    vec4 others = textureGather(frame, at - texel * 0.5, 1);
    // A gather's x, y, z, w lie at (0,1), (1,1), (1,0), (0,0): this pixel is w of the first and y of the second.
    float south = corners.x, east = corners.z, west = others.x, north = others.z;
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
