// Skin, and the face on it.
uniform vec3 accent_colour;   // of stubble; white where there is none

#ifdef PORTRAIT
uniform sampler2D portrait;  // a person's own skin, sRGB; alpha: how surely it was seen
in vec3 portrait_at;
#endif
uniform vec2 complexion;     // freckles, lines of age: 0..1

float chance_at(vec2 cell) { return fract(sin(dot(cell, vec2(12.9898, 78.233))) * 43758.5453); }

// Freckles: one dot to a cell, most of them on cheeks and nose, here and there on arms and shoulders.
float freckle(vec2 at, float share) {
    vec2 cell = floor(at), within = fract(at) - 0.5;
    float luck = chance_at(cell);
    vec2 off = vec2(chance_at(cell + 7.0), chance_at(cell + 13.0)) - 0.5;
    return smoothstep(0.34, 0.16, length(within - off * 0.5) / (0.55 + 0.6 * luck)) * step(luck, share);
}

// Creases of an old face: across the forehead, from the nose to the mouth's corners, beside the eyes.
float creases(vec2 from_eye, vec2 from_mouth, float x) {
    float brow = smoothstep(0.03, 0.036, from_eye.y) * smoothstep(0.075, 0.06, from_eye.y) * smoothstep(0.05, 0.03, x);
    float rows = pow(0.5 + 0.5 * cos((from_eye.y + 0.002 * sin(x * 160.0)) * 620.0), 5.0);
    float fold = abs(x - 0.031 + 0.35 * (from_mouth.y - 0.02)) + step(0.045, abs(from_mouth.y - 0.018)) + step(from_mouth.y, -0.008);
    vec2 crow = vec2(abs(from_eye.x) - 0.024, from_eye.y);
    float rays = pow(0.5 + 0.5 * cos(atan(crow.y, max(crow.x, 0.001)) * 11.0), 4.0);
    rays *= smoothstep(0.003, 0.007, crow.x) * smoothstep(0.02, 0.01, crow.x) * step(0.03, x) * step(abs(crow.y), 0.016);
    return clamp(brow * rows * 0.8 + smoothstep(0.0035, 0.0, fold) * 0.9 + rays * 0.7, 0.0, 1.0);
}

void finish(inout Surface s) {
    vec3 p = s.local;
    float front = smoothstep(-0.05, -0.45, s.local_normal.y);
    vec3 eye_at = p.x > 0.0 ? face_eye_left : face_eye_right;
    vec2 from_eye = (p.xz - eye_at.xz) / face_unit;
    vec2 from_mouth = (p.xz - face_mouth.xz) / face_unit;
    float in_head = smoothstep(face_chin.z - 0.06, face_chin.z, p.z);
    // Within the mouth it is dark.
    float inner = smoothstep(-0.1, 0.5, s.local_normal.y) * step(abs(from_mouth.x), 0.045) * step(abs(from_mouth.y), 0.03) * step(p.y, face_mouth.y + 0.075 * face_unit);
    float drawn = 1.0;           // how much of what is drawn here is seen: none on a person's own skin
#ifdef PORTRAIT
    vec4 own = texture(portrait, portrait_at.xy);
    float shown = own.a * portrait_at.z;
    s.albedo = mix(s.albedo, own.rgb * (own.rgb * (own.rgb * 0.305306 + 0.682171) + 0.012523), shown);
    drawn -= shown;
#endif
    // Cameras are set for the face: dark skin gets more of the light than walls do, and nobody vanishes at night.
    float depth = exp(-9.0 * luma(s.albedo)), dark = 1.0 - clamp(luma(key_light) * 0.5, 0.0, 1.0);
    s.albedo *= 1.0 + 0.9 * depth;
    s.albedo *= mix(vec3(1), luma(key_light) / max(key_light, 0.05), STYLE == 0 ? 0.22 : 0.45);   // and is balanced against the colour of the light
    s.albedo = max(mix(vec3(luma(s.albedo)), s.albedo, 1.0 + 0.3 * smoothstep(0.25, 0.6, luma(s.albedo))), 0.0);   // pale skin is not white
    vec3 base = s.albedo;
#if STYLE == 0
    vec4 n = noise(p.xz * 2.6 + p.y * 1.7);
    s.albedo *= 0.74 + 0.1 * n.g + 0.04 * (n.a - 0.5);
    // Blood shows in cheeks, nose and ears.
    float cheek = smoothstep(0.034, 0.0, length((vec2(abs(p.x), p.z) - vec2(0.042, face_nose.z - 0.008)) / face_unit * vec2(1, 1.2))) * front;
    float nose = smoothstep(0.02, 0.0, length((p - face_nose) / face_unit));
    float ear = smoothstep(0.058, 0.072, abs(p.x) / face_unit) * in_head;
    s.albedo = mix(s.albedo, s.albedo * vec3(1.04, 0.74, 0.7), drawn * clamp(cheek * 0.55 + nose * 0.4 + ear * 0.4, 0.0, 1.0));
    float socket = smoothstep(0.026, 0.012, length(from_eye * vec2(0.8, 1.1))) * front;
    s.albedo *= mix(vec3(1), vec3(0.8, 0.72, 0.72), drawn * socket * 0.5);
    s.roughness = 0.5;
    s.wrap = 0.3;
#else
    s.wrap = 0.35;
    s.roughness = 1.0;
    float blush = smoothstep(0.024, 0.008, length((vec2(abs(p.x), p.z) - vec2(0.045, face_nose.z - 0.004)) / face_unit * vec2(0.8, 1.5))) * front;
    s.albedo = mix(s.albedo, s.albedo * vec3(1.05, 0.68, 0.66), blush * (STYLE == 2 ? 0.55 : 0.35));
    // A drawn face has few planes: it shades like an egg, not like a nose and lips.
    vec3 egg = head_turn * normalize((p - vec3(0, face_chin.y + 0.09, (face_crown.z + face_chin.z) * 0.5)) * vec3(1, 1, 0.7));
    s.normal = normalize(mix(s.normal, egg, in_head * (STYLE == 2 ? 0.92 : 0.85) * step(-0.2, -s.local_normal.y)));
#endif
    if (complexion.x > 0.0) {
        float cell = STYLE == 0 ? 0.0048 : 0.0075;
        float broad = smoothstep(0.06, 0.02, length((p.xz - face_nose.xz - vec2(0, 0.012)) / face_unit * vec2(0.75, 1.3))) * front;
        float share = complexion.x * (in_head > 0.5 ? 0.2 * front + 0.75 * broad : 0.22);
        vec2 at = p.xz / face_unit / cell + (in_head > 0.5 ? 0.0 : p.y / cell);
        s.albedo = mix(s.albedo, base * vec3(0.62, 0.42, 0.32), 0.62 * freckle(at, share));
    }
    if (STYLE == 0 && complexion.y > 0.0) s.albedo *= 1.0 - 0.38 * drawn * complexion.y * front * in_head * creases(from_eye, from_mouth, abs(p.x) / face_unit);
#if STYLE == 2
    // The nose is a touch of shadow beneath its tip.
    float tip = smoothstep(1.0, 0.6, length((p - face_nose - vec3(0, 0.004, -0.006)) / face_unit / vec3(0.0045, 0.02, 0.0022)));
    s.albedo = mix(s.albedo, base * vec3(0.72, 0.5, 0.5), tip * 0.8);
#elif STYLE == 1
    s.albedo = mix(vec3(luma(s.albedo)), s.albedo, 0.82);
#endif
    if (accent_colour.r < 1.0) {
        // Cheeks up to a line from the ear to the corner of the mouth, the upper lip, the chin and a little below it.
        float aside = abs(p.x) / face_unit, jaw = (face_chin.z - p.z) / face_unit;
        float below = smoothstep(0.006, -0.006, from_mouth.y - 0.004 - 1.1 * max(aside - 0.04, 0.0) - (aside < 0.03 ? 0.016 : 0.0));
        float shaved = below * smoothstep(0.035, 0.01, jaw) * smoothstep(0.1, 0.06, (p.y - face_mouth.y) / face_unit);
        s.albedo = mix(s.albedo, accent_colour, 0.75 * shaved * (0.6 + 0.4 * noise(p.xz * 16.0 + p.y * 9.0).a));
    }
    s.glow = s.albedo * (1.0 - inner) * (0.05 + 0.25 * depth) * (0.25 + 2.0 * dark) * mix(vec3(luma(sky_light)), sky_light, 0.5) / max(luma(sky_light), 0.05);
#if STYLE < 2
    float bow = abs(from_mouth.x) * 0.16 - 0.002 * cos(from_mouth.x * 260.0);
    float lips = smoothstep(0.0095, 0.0065, abs(from_mouth.y + bow * 0.5)) * smoothstep(0.026, 0.021, abs(from_mouth.x) * (STYLE == 1 ? 1.35 : 1.0)) * front;
#if STYLE == 0
    s.albedo = mix(s.albedo, base * vec3(0.84, 0.44, 0.43), drawn * lips * 0.7);
#else
    // A drawn mouth: its line, turned up at the ends, and a lower lip.
    float curve = from_mouth.y - 4.0 * from_mouth.x * from_mouth.x;
    float line = smoothstep(0.0013, 0.0005, abs(curve)) * smoothstep(0.0235, 0.021, abs(from_mouth.x)) * front;
    float under = smoothstep(1.0, 0.8, length((from_mouth + vec2(0, 0.0058)) / vec2(0.0125, 0.0042))) * front;
    s.albedo = mix(s.albedo, base * vec3(0.9, 0.52, 0.5), under * 0.55);
    s.albedo = mix(s.albedo, base * vec3(0.36, 0.14, 0.14), line);
#endif
    s.roughness = mix(s.roughness, 0.42, lips);
    s.albedo *= mix(vec3(1), vec3(0.16, 0.07, 0.07), inner);
    s.roughness = mix(s.roughness, 1.0, inner);
    s.occlusion *= 1.0 - 0.9 * inner;
    if (brow_colour.r >= 0.0) {
        float arch = from_eye.y - 0.0215 + abs(from_eye.x - 0.004 * sign(p.x)) * 0.16;
        float thin = 0.0042 - 0.05 * max(from_eye.x * sign(p.x), 0.0);
        float brow = smoothstep(0.0015, -0.001, abs(arch) - thin) * smoothstep(0.025, 0.019, abs(from_eye.x)) * front;
        s.albedo = mix(s.albedo, brow_colour, drawn * brow * 0.85);
    }
#else
    drawn_face(s, from_eye, from_mouth, front, p.x > 0.0 ? 1.0 : -1.0, p.x > 0.0 ? eye_open.x : eye_open.y);
#endif
}
