// Drawn styles keep the upper lashes, as a line; the anime's are drawn with the eye.
void finish(inout Surface s) {
    vec3 eye_at = s.local.x > 0.0 ? face_eye_left : face_eye_right;
#if STYLE == 1
    if (s.local.z < eye_at.z) discard;
#elif STYLE == 2
    discard;
#endif
    s.roughness = 1.0;
}
