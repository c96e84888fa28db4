// A die's pips, one to six, opposite faces adding up to seven.
float pip(vec2 p, vec2 at) { return inside(length(p - at) - 0.2); }
void finish(inout Surface s) {
    vec3 a = abs(s.local_normal);
    vec2 p = box_face(s) / s.size.x;
    float up = a.z > 0.7 ? s.local_normal.z : a.x > 0.7 ? s.local_normal.x : s.local_normal.y;
    float count = a.z > 0.7 ? (up > 0.0 ? 1.0 : 6.0) : a.x > 0.7 ? (up > 0.0 ? 3.0 : 4.0) : (up > 0.0 ? 2.0 : 5.0);
    float mark = mod(count, 2.0) * pip(p, vec2(0));
    if (count > 1.0) mark = max(mark, max(pip(p, vec2(0.5)), pip(p, vec2(-0.5))));
    if (count > 3.0) mark = max(mark, max(pip(p, vec2(0.5, -0.5)), pip(p, vec2(-0.5, 0.5))));
    if (count > 5.0) mark = max(mark, max(pip(p, vec2(0.5, 0.0)), pip(p, vec2(-0.5, 0.0))));
    s.albedo = mix(s.albedo, vec3(0.02), mark);
    s.roughness = 0.25;
}
