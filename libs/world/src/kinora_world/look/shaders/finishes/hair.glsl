void finish(inout Surface s) {
    stranded(s);
#if STYLE == 0
    // Over the forehead the roots thin out into the skin.
    float head = (face_crown.z - face_chin.z) / 0.225;
    vec3 above = (s.local - vec3(0, face_eye_left.y + 0.085 * head, face_eye_left.z)) / head;
    float turned = abs(atan(above.x, -above.y)) / 0.8;
    float rooted = above.z - 0.0705 + 0.0185 * turned * turned * turned;
    float around = atan(s.local.x, -s.local.y + face_crown.y);
    float bare = smoothstep(0.006, 0.0, rooted + 0.010 * (noise(vec2(around * 2.6, 0.3)).g - 0.5)) * smoothstep(0.9, 0.7, turned);
    s.albedo = mix(s.albedo, skin_colour * 0.8, bare);
    s.glow *= 1.0 - bare;
    s.wrap = mix(s.wrap, 0.3, bare);
#endif
}
