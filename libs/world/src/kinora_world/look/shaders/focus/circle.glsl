// The circle that a point is spread over, in a thin lens (Potmesil and Chakravarty, 1981).
out vec4 pixel;
uniform sampler2D depths;
uniform vec2 range;        // metres, the nearest and the furthest depth
uniform float focus;       // metres
uniform float spread;      // radius far behind the focus, in half pixels; twice that is the most
const float MOST = 2.0;

// Signed, in `spread`: negative before the focus.
float circle(ivec2 at) {
    float away = 2.0 * texelFetch(depths, at, 0).r - 1.0;
    float z = 2.0 * range.x * range.y / (range.y + range.x - away * (range.y - range.x));
    return clamp((z - focus) / z, -MOST, MOST);
}
