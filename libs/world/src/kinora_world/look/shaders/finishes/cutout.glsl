// A pet or an object of somebody's own: its picture, which has its own light and shade.
uniform sampler2D portrait;  // sRGB
in vec3 portrait_at;

void finish(inout Surface s) {
    vec3 own = texture(portrait, portrait_at.xy).rgb;
    s.albedo = own * (own * (own * 0.305306 + 0.682171) + 0.012523);
    s.roughness = 0.9;
    s.wrap = 0.4;
}
