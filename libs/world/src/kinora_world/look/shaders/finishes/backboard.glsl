void finish(inout Surface s) {
    vec2 p = s.local.xz;
    float front = step(0.5, -s.local_normal.y);
    float border = 1.0 - inside(0.05 - min(s.size.x - abs(p.x), s.size.z - abs(p.y)));
    float box = max(abs(p.x) - 0.295, abs(p.y + 0.15) - 0.225);
    float mark = inside(abs(box + 0.02) - 0.025);
    vec3 red = vec3(0.6, 0.06, 0.03);
    s.albedo = mix(s.albedo, red, max(mark, border) * front);
    s.albedo *= 0.95 + 0.06 * tone(noise(p).g);
    s.occlusion = 1.0;
}
