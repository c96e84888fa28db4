// Chain link; where wires are finer than a pixel their mean coverage remains.
void finish(inout Surface s) {
    vec2 at = vec2(s.local.x + s.local.z, s.local.x - s.local.z) * 7.0;
    vec2 d = abs(fract(at) - 0.5);
    vec2 soft = fwidth(at);
    float calm = clamp(1.3 - max(soft.x, soft.y) * 1.6, 0.0, 1.0);
    float wire = max(stripe(d.x, 0.05), stripe(d.y, 0.05));
    s.alpha = mix(0.17, wire, calm) * step(abs(s.local_normal.z), 0.5) * 0.9;
    s.occlusion = 1.0;
    if (s.alpha < 0.02) discard;
}
