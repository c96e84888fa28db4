in vec2 place;
in float away;
out vec4 pixel;
uniform sampler2D picture;
uniform vec3 gain;         // on its linear colours
uniform float grey;
uniform float flash;
uniform vec3 fog_colour;
uniform float fog_density;

void main() {
    vec3 seen = texture(picture, place).rgb;
    vec3 c = pow(seen, vec3(2.2)) * (gain + flash * vec3(0.5, 0.55, 0.7));
    c = mix(c, vec3(dot(c, vec3(0.2126, 0.7152, 0.0722))) * vec3(0.93, 0.98, 1.06), grey);
    c = mix(min(fog_colour, vec3(0.9)), c, exp(-max(away - 5.0, 0.0) * fog_density));
    pixel = vec4(pow(clamp(c, 0.0, 1.0), vec3(1.0 / 2.2)), 1);
}
