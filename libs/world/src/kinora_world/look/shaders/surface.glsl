in vec3 world;
in vec3 normal;
in vec3 local;
in vec3 local_normal;
flat in vec4 colour;
flat in vec3 size;
out vec4 pixel;

void main() {
    vec3 n = normalize(normal);
#if defined(TWO_SIDED) && !defined(SWAYS)
    if (!gl_FrontFacing) n = -n;
#endif
    Surface s = Surface(colour.rgb, n, colour.a, 0.0, vec3(0), 1.0, 0.0, 0.0, 1.0, world, local, local_normal, size);
    // The ground darkens what stands near it.
    s.occlusion = 0.5 + 0.5 * clamp(0.25 + world.z * 1.6 + max(-n.z, 0.0) * 0.2, 0.0, 1.0);
    finish(s);
#if defined(WET) || defined(SNOW)
    weather(s);
#endif
    pixel = vec4(shade(s), s.alpha);
}
