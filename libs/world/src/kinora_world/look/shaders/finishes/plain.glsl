void finish(inout Surface s) {}
