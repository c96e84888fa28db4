// Free strands, without the roots that thin out over the forehead.
void finish(inout Surface s) {
    stranded(s);
    s.glow *= 0.6;
}
