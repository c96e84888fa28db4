// Every drawn pixel becomes a square of one colour of the palette, chosen by ordered dithering (Bayer, 1973).
uniform sampler3D palette;
uniform int grain;         // pixels of the picture along a drawn pixel

vec3 printed(vec2 at) {
    ivec2 own = ivec2(gl_FragCoord.xy) / grain;
    own.y = textureSize(frame, 0).y - 1 - own.y;
    vec3 c = texelFetch(frame, own, 0).rgb;
    int x = own.x & 3, y = own.y & 3;
    int turn = ((x ^ y) & 1) * 8 + (y & 1) * 4 + (((x ^ y) >> 1) & 1) * 2 + ((y >> 1) & 1);
    c += (float(turn) / 15.0 - 0.5) * 0.07;
    return textureLod(palette, c, 0.0).rgb;
}
