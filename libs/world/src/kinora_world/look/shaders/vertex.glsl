in vec3 in_position;
in vec3 in_normal;
in vec3 in_local;
in vec3 in_local_normal;
#ifdef BODY
uniform vec4 body_colour;
#else
in vec4 in_colour;
in vec3 in_size;
#endif
uniform mat4 model;
uniform mat4 view_projection;
uniform float aspect;
uniform float time;
uniform float wind;     // m/s
out vec3 world;
out vec3 normal;
out vec3 local;
out vec3 local_normal;
flat out vec4 colour;
flat out vec3 size;
#ifdef PORTRAIT
in vec3 in_portrait;
out vec3 portrait_at;   // u, v, how much of it is shown
#endif
#ifdef LIT_BY_VERTEX
out float open;         // to the key light: bodies have small triangles, and a soft shadow is the same from vertex to vertex
#endif

void main() {
#ifdef BODY
    colour = body_colour;
    size = vec3(0);
#else
    colour = in_colour;
    size = in_size;
#endif
    vec4 at = model * vec4(in_position, 1);
#ifdef SWAYS
    float gust = 0.6 + 0.4 * sin(time * 0.9 - at.x * 0.25 + at.y * 0.1);
    vec2 sway = sin(time * (1.0 + 0.25 * wind) * vec2(1.7, 1.3) + dot(at.xyz, vec3(0.9, 1.3, 0.7)));
    at.xy += (vec2(0.02, 0.012) * (1.0 + 0.35 * wind) * sway + vec2(0.018 * wind * gust, 0)) * min(at.z, 2.0);
#endif
    world = at.xyz;
    normal = mat3(model) * in_normal;
    local = in_local;
    local_normal = in_local_normal;
#ifdef PORTRAIT
    portrait_at = in_portrait;
#endif
    gl_Position = view_projection * at;
#ifdef LIT_BY_VERTEX
    open = reached(world, normal, 2.0);
#endif
#ifdef HULL
    vec2 away = (view_projection * vec4(normal, 0)).xy * vec2(aspect, 1);
    float width = HULL * clamp(4.5 / gl_Position.w, 0.3, 1.5);
    gl_Position.xy += away / max(length(away), 1e-4) * width * gl_Position.w / vec2(aspect, 1) * min(length(away) * 2.5, 1.0);
    gl_Position.z += 0.0006 * gl_Position.w;
#endif
}
