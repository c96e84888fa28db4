// Teeth and tongue: little light gets past the lips.
uniform vec3 face_mouth;
uniform float face_unit;

void finish(inout Surface s) {
    float depth = (s.local.y - face_mouth.y) / face_unit + 0.3 * abs(s.local.x) / face_unit;
    s.albedo *= mix(STYLE == 0 ? 0.75 : 0.9, 0.10, smoothstep(0.014, 0.055, depth));
    s.roughness = 0.9;
    s.occlusion = mix(0.6, 0.15, smoothstep(0.012, 0.045, depth));
    s.wrap = 0.5;
}
