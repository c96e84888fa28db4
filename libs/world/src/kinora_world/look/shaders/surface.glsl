in vec3 world;
in vec3 normal;
in vec3 local;
in vec3 local_normal;
flat in vec4 colour;
flat in vec3 size;
out vec4 pixel;
#ifdef GROUND
uniform int contacts;
uniform vec4 contact[24];   // x, y, height, radius
#endif

void main() {
    vec3 n = normalize(normal);
#if defined(TWO_SIDED) && !defined(SWAYS)
    if (!gl_FrontFacing) n = -n;
#endif
    Surface s = Surface(colour.rgb, n, colour.a, 0.0, vec3(0), 1.0, 0.0, 0.0, 1.0, world, local, local_normal, size);
    // The ground darkens what stands near it.
    s.occlusion = 0.5 + 0.5 * clamp(0.25 + world.z * 1.6 + max(-n.z, 0.0) * 0.2, 0.0, 1.0);
    finish(s);
#ifdef GROUND
    float open_sky = 1.0;
    for (int i = 0; i < contacts; i++) {
        float away = length(world.xy - contact[i].xy) / (contact[i].w + contact[i].z * 0.8);
        open_sky *= 1.0 - 0.62 * exp(-away * away * 1.6) / (1.0 + 7.0 * contact[i].z);
    }
    s.occlusion *= open_sky;
    s.albedo *= 0.55 + 0.45 * open_sky;
#endif
    pixel = vec4(shade(s), s.alpha);
}
