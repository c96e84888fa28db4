// Strands along the fall of the hair; the light draws a ring across them (Kajiya and Kay, 1989).

void stranded(inout Surface s) {
    vec3 out_ = s.local - (face_crown - vec3(0, 0, 0.11));
    float around = atan(out_.x, -out_.y);
    vec4 strand = noise(vec2(around * 0.9, s.local.z * 0.35)), lock = noise(vec2(around * 0.22, s.local.z * 0.1));
    vec3 view = normalize(eye - s.world);
    vec3 along = normalize(vec3(0, 0, -1) - s.normal * dot(vec3(0, 0, -1), s.normal) + 1e-4);
    float shift = (strand.g - 0.5) * 0.25;
    vec3 between = normalize(key_direction + view);
    float th = dot(normalize(along + s.normal * shift), between);
    float ring = pow(max(1.0 - th * th, 0.0), 45.0) * max(dot(s.normal, key_direction) + 0.3, 0.0);
#if STYLE == 0
    s.albedo *= 0.6 + 0.6 * strand.g;
    s.normal = normalize(s.normal + (strand.gra - 0.5) * 0.45);
    s.glow = (s.albedo + 0.04) * ring * key_light * 0.35;
    s.roughness = 0.72;
    s.wrap = 0.1;
#elif STYLE == 1
    s.albedo *= 0.85 + 0.2 * step(0.5, lock.g);
    s.roughness = 1.0;
#else
    // The drawn halo: a jagged band part way down the crown.
    float height = dot(normalize(out_), normalize(vec3(0, -0.35, 1.0)));
    float jag = 0.05 * (strand.r - 0.5) + 0.03 * sin(around * 17.0);
    float band = smoothstep(0.03, 0.015, abs(height - 0.8 + jag) - 0.025);
    s.albedo *= 0.86 + 0.24 * smoothstep(0.45, 0.55, lock.g);
    s.glow = (s.albedo * 0.75 + 0.07) * band * clamp(luma(key_light) * 0.35, 0.1, 1.0);
    s.roughness = 1.0;
#endif
    s.occlusion = 0.9;
    if (!gl_FrontFacing) {   // the inside of a mane sees no sky
        s.albedo *= 0.4;
        s.glow = vec3(0);
        s.occlusion = 0.25;
    }
}
