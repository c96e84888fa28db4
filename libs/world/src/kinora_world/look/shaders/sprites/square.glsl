// A scrap of paper, darker on its back.
vec4 drawn(vec2 at) { return vec4(colour.rgb * (gl_FrontFacing ? 1.0 : 0.62), colour.a); }
