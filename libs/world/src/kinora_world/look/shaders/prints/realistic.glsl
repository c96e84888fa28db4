vec3 printed(vec2 at) { return antialiased(at); }
