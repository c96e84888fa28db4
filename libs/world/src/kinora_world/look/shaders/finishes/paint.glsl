void finish(inout Surface s) { s.albedo *= 0.9 + 0.1 * s.normal.z; }
