uniform vec3 eye;
uniform float time;
uniform vec3 key_direction;
uniform vec3 key_light;
uniform vec3 sky_light;
uniform vec3 ground_light;
uniform vec3 fog_colour;
uniform float fog_density;
uniform float daylight;    // 1 in the sun, 0 at night
uniform float overcast;    // how much of the sky clouds hide
uniform float indoor;
uniform float dusk;        // 0 by day, 1 by night: how brightly lit windows and lamps stand out
uniform sampler2D noises;
#if LAMPS > 0
uniform vec4 lamp_place[LAMPS];   // w: reach
uniform vec3 lamp_light[LAMPS];
#endif

struct Surface {
    vec3 albedo;
    vec3 normal;
    float roughness;
    float metal;
    vec3 glow;
    float alpha;
    float wrap;      // light that bleeds past the terminator, as in skin and leaves
    float sheen;
    float occlusion;
    vec3 world;
    vec3 local;
    vec3 local_normal;
    vec3 size;
};

// At night the audience still sees whom it looks at: drawn styles keep people lighter than what is around them.
#ifdef BODY
const float seen_at_night = 1.45;
#else
const float seen_at_night = 1.0;
#endif

vec4 noise(vec2 at) { return texture(noises, at); }
float luma(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

// Linear light of 0 to 1 to the power of 1 / 2.2, within 0.1 of 255: a fit, as a power costs many times a root.
vec3 encode(vec3 c) {
    vec3 r = sqrt(clamp(c, 0.0, 1.0));
    return r * (0.03215 + r * (0.88453 + r * 0.85734)) / (0.01948 + r * (0.75418 + r));
}

// Any light as film shows it: Narkowicz (2015), a fit of ACES, encoded, within 0.3 of 255.
vec3 filmed(vec3 c) {
    vec3 r = sqrt(max(c, 0.0));
    return min(r * (0.0431968 + r * (0.0770799 + r * 1.0136879)) / (0.0643361 + r * (0.1028234 + r * (0.0848986 + r))), 1.0);
}

// How much of a stripe of half-width `half_width` around `distance_to` 0 covers this pixel.
float stripe(float distance_to, float half_width) {
    float soft = max(fwidth(distance_to), 1e-5);
    return clamp((half_width - abs(distance_to)) / soft + 0.5, 0.0, 1.0) * min(1.0, 2.0 * half_width / soft);
}

float inside(float signed_distance) {
    return clamp(0.5 - signed_distance / max(fwidth(signed_distance), 1e-5), 0.0, 1.0);
}

// The face of a box a point lies on, as flat coordinates.
vec2 box_face(Surface s) {
    vec3 n = abs(s.local_normal);
    return n.z > max(n.x, n.y) ? s.local.xy : n.x > n.y ? s.local.yz : s.local.xz;
}

#ifdef NOIR
// The slats of a blind before the window, thrown across the room.
float through_blinds(vec3 world) {
    float at = world.z - dot(world.xy, key_direction.xy) * 0.3;
    float slat = smoothstep(0.3, 0.18, abs(fract(at * 2.6) - 0.5));
#ifdef BODY
    return mix(1.0, slat, indoor * 0.5);   // actors are seen through them
#else
    return mix(1.0, slat, indoor * 0.86);
#endif
}
#endif

#ifdef LIT_BY_VERTEX
in float open;             // see vertex.glsl
#endif

float in_light(vec3 world, vec3 normal) {
#if defined(MATTE) || defined(UNSHADOWED)
    return 1.0;
#else
#if defined(LIT_BY_VERTEX)
    float seen = open;
#else
    float seen = reached(world, normal, SOFTNESS);
#endif
#ifdef NOIR
    seen *= through_blinds(world);
#endif
    return mix(seen, 1.0, overcast * 0.7);   // clouds throw no edges
#endif
}
