// Drawn styles keep the upper lashes, as a line.
void finish(inout Surface s) {
    vec3 eye_at = s.local.x > 0.0 ? face_eye_left : face_eye_right;
    if (STYLE > 0 && s.local.z < eye_at.z) discard;
    s.roughness = 1.0;
}
