in vec4 now;
in vec4 before;
out vec4 pixel;
uniform float number;
uniform vec2 half_size;    // of the picture, pixels

void main() { pixel = vec4(now.w, number, (before.xy / before.w - now.xy / now.w) * half_size); }
