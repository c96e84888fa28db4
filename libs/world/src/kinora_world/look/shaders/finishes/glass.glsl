// Clear glass: what is behind shows, the rim and the highlights stay.
void finish(inout Surface s) {
    float rim = 1.0 - abs(dot(s.normal, normalize(eye - s.world)));
    s.alpha = 0.2 + 0.6 * rim * rim;
    s.roughness = 0.05;
    s.occlusion = 1.0;
}
