// Pencil on paper: hatching that thickens with the dark, a second and third layer across the first, and contours where greys meet.
// The hand redraws everything every fourth frame.
float strokes(vec2 p, float angle, float spacing, float dark, vec4 n) {
    vec2 along = vec2(cos(angle), sin(angle));
    float across = dot(p, vec2(-along.y, along.x)) + (n.r - 0.5) * 9.0;
    float row = floor(across / spacing);
    float pressure = noise(vec2(dot(p, along) * 0.0016 + row * 0.37, row * 0.173)).g;
    float width = clamp(dark, 0.0, 1.0) * (0.55 + 0.6 * pressure);
    float d = abs(fract(across / spacing) - 0.5) * 2.0;
    float soft = 1.1 / spacing;
    return smoothstep(width + soft, width - soft, d) * smoothstep(0.0, 0.12, dark) * (0.45 + 0.55 * pressure);
}

// The tone over a hand's breadth: what is finer is left to the contours, and not hatched.
float broad(vec2 at, vec2 e) {
    float sum = 2.0 * luma(textureLod(frame, at, 0.0).rgb);
    for (int i = 0; i < 6; i++) {
        float turn = float(i) * 1.0472 + 0.4;
        sum += luma(textureLod(frame, at + e * vec2(cos(turn), sin(turn)) * ((i & 1) == 0 ? 4.0 : 9.0), 0.0).rgb);
    }
    return sum / 8.0;
}

vec3 printed(vec2 at) {
    float scale = 720.0 * texel.y;
    vec2 p = at / texel * scale;
    float drawing = floor(time * 6.0 + 0.01);
    vec2 boil = fract(vec2(0.7548, 0.5698) * drawing);
    vec4 hand = noise(p * 0.0011 + boil), paper = noise(p / 512.0 * 1.3);
    vec2 e = texel / scale;
    vec2 shaky = at + (hand.rg - 0.5) * e * 3.0;
    vec4 ring = vec4(luma(textureLod(frame, shaky + vec2(e.x, e.y), 0.0).rgb), luma(textureLod(frame, shaky - vec2(e.x, e.y), 0.0).rgb),
        luma(textureLod(frame, shaky + vec2(e.x, -e.y), 0.0).rgb), luma(textureLod(frame, shaky + vec2(-e.x, e.y), 0.0).rgb));
    float contour = smoothstep(0.045, 0.3, length(vec2(ring.x - ring.y, ring.z - ring.w)));
    float dark = 1.0 - broad(shaky, e);
    vec2 q = p + boil * 31.0;
    float lead = 0.6 * strokes(q, 0.72, 8.0, (dark - 0.3) * 1.6, hand);
    lead = max(lead, 0.7 * strokes(q, -0.55, 8.0, (dark - 0.52) * 1.6, hand.gbra));
    lead = max(lead, 0.85 * strokes(q, 1.45, 7.0, (dark - 0.72) * 2.2, hand.barg));
    lead = max(lead, smoothstep(0.82, 0.97, dark) * 0.9);
    lead = max(lead, contour * (0.75 + 0.3 * hand.g));
    lead += dark * dark * 0.1;
    float tooth = smoothstep(0.2, 0.75, paper.a * 0.6 + paper.g * 0.4 + lead * 0.42);
    vec3 sheet = vec3(0.965, 0.95, 0.915) - 0.045 * (0.5 - paper.g) - 0.05 * (0.5 - paper.a);
    vec2 off = at - 0.5;
    return mix(sheet * (1.0 - 0.18 * dot(off, off)), vec3(0.13, 0.13, 0.15), clamp(lead * tooth * 1.15, 0.0, 0.94));
}
