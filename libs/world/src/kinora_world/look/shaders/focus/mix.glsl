// Laid over the sharp picture where that is out of focus, or where what is before the focus spreads over it.
uniform sampler2D blurred;

void main() {
    vec4 soft = textureLod(blurred, gl_FragCoord.xy / vec2(textureSize(depths, 0)), 0.0);
    float own = clamp(abs(circle(ivec2(gl_FragCoord.xy))) * spread * 2.0 - 0.6, 0.0, 1.0);
    pixel = vec4(soft.rgb, max(own, soft.a));
}
