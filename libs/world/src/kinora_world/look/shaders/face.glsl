// The drawn eyes, mouth and brows of the anime style, on skin and eyeball alike: the socket beneath only carries the drawing.
void over(inout Surface s, vec3 c, float cover) { s.albedo = mix(s.albedo, c, clamp(cover, 0.0, 1.0)); }

// `p` runs from the eye's centre, `open` is 0 shut to 1 open, `side` +1 for the left eye.
void drawn_face(inout Surface s, vec2 p, vec2 from_mouth, float front, float side, float open) {
    const vec2 half_size = vec2(0.0205, 0.0215);
    vec2 q = p - vec2(0.0005 * side, -0.003);
    q.x *= side;                                       // outwards is positive on both sides
    float lift = 0.0022 * (q.x / half_size.x);         // the outer corner sits higher
    float u = q.x / half_size.x;
    float arch = sqrt(max(1.0 - u * u, 0.0));
    // The drawn eye is taller than the lids' real opening; as the eye closes it shrinks to that, and the real lids do the rest.
    float top = mix(lid_rest.x * pow(arch, 0.8), half_size.y * pow(arch, 0.62), open) + lift * open;
    float bottom = mix(lid_rest.y * pow(arch, 0.8), -half_size.y * 0.9 * pow(arch, 0.7), open) + lift * open;
    float within = step(abs(u), 1.0) * smoothstep(0.0006, -0.0006, max(q.y - top, bottom - q.y)) * front * smoothstep(0.04, 0.2, open);
    vec3 ink = mix(vec3(0.025, 0.015, 0.02), iris_colour * 0.12, 0.35);
    over(s, vec3(0.86, 0.86, 0.9), within);
    over(s, vec3(0.62, 0.62, 0.76), within * smoothstep(top - 0.0075, top - 0.006, q.y));
    vec2 i = (q - vec2(-0.0008, 0.0006)) / vec2(0.0138, 0.0208);
    float d = length(i), iris = within * smoothstep(1.03, 0.97, d);
    vec3 deep = iris_colour * 0.28, bright = iris_colour * 2.4 + 0.06;
    over(s, mix(bright, deep, smoothstep(-0.75, 0.55, i.y)), iris);
    over(s, deep * 0.4, iris * smoothstep(0.86, 0.93, d));
    over(s, bright * 1.25 + 0.12, iris * smoothstep(0.34, 0.28, length(i - vec2(0.0, -0.55)) * 0.9));
    over(s, deep * 0.22, iris * smoothstep(0.46, 0.4, length(i * vec2(1.1, 0.9) - vec2(0, 0.1))));
    vec2 toward = vec2(-0.42 * side, 0.45);
    float catch_ = within * smoothstep(0.36, 0.31, length((i - vec2(toward.x, toward.y)) * vec2(1.0, 0.85)));
    catch_ = max(catch_, within * smoothstep(0.17, 0.13, length(i + vec2(toward.x * 0.9, 0.5))));
    over(s, vec3(1), catch_);
    s.glow = max(s.glow, vec3(0.35) * catch_);
    // Lashes: thick above, thickest at the outer corner; a hint below.
    float shut = smoothstep(0.45, 0.1, open);
    float thick = (0.0026 + 0.0016 * smoothstep(-0.4, 1.0, u)) * mix(0.35, 1.0, open);
    float lash = step(abs(u), 1.1) * smoothstep(0.0007, -0.0003, abs(q.y - top - thick * 0.4) - thick * smoothstep(1.12, 0.85, abs(u)));
    float flick = smoothstep(0.0008, -0.0004, abs(q.y - top - 0.6 * (q.x - half_size.x * 0.9)) - 0.0022) * step(0.88, u) * step(u, 1.28);
    over(s, ink, max(lash, flick) * front * (1.0 - shut));
    float seam = smoothstep(0.0007, -0.0004, abs(q.y - bottom) - 0.0013) * step(abs(u), 1.02);
    over(s, ink, seam * shut * front);
    float under = smoothstep(0.0006, -0.0003, abs(q.y - bottom) - 0.0007) * step(abs(u), 0.92) * smoothstep(-0.2, 0.7, abs(u));
    over(s, mix(ink, s.albedo, 0.35), under * front);
    float crease = smoothstep(0.0005, -0.0003, abs(q.y - top - 0.0062 - 0.002 * arch) - 0.0005) * step(abs(u), 0.8) * open;
    over(s, s.albedo * vec3(0.62, 0.45, 0.45), crease * front);
    if (brow_colour.r >= 0.0) {
        float brow = smoothstep(0.0008, -0.0006, abs(q.y - 0.0375 + 0.006 * u * u - 0.0015 * u) - 0.0019 * (1.1 - 0.45 * u)) * step(abs(u - 0.05), 0.98);
        over(s, brow_colour, brow * front);
    }
    float lips = smoothstep(0.0008, -0.0003, abs(from_mouth.y - 0.0006 + 0.00003 / (abs(from_mouth.x) + 0.02)) - 0.0008) * step(abs(from_mouth.x), 0.0155);
    over(s, s.albedo * vec3(0.5, 0.2, 0.22), lips * front);
    over(s, s.albedo * vec3(0.95, 0.66, 0.66), smoothstep(0.006, 0.003, length((from_mouth + vec2(0, 0.0055)) * vec2(0.5, 1.1))) * front * 0.5);
}
