// A forked stroke from the clouds to the ground.
float fork_at(float y, float number) {
    return (noise(vec2(y * 0.035, number)).r - 0.5) * 0.9 + (noise(vec2(y * 0.16, number + 0.3)).g - 0.5) * 0.22;
}

vec4 drawn(vec2 at) {
    float main_ = abs(at.x - fork_at(at.y, trait.y));
    float y = at.y - 0.1, branch = abs(at.x - fork_at(0.1, trait.y) - (fork_at(y * 1.3, trait.y + 0.4) - fork_at(0.0, trait.y + 0.4)) + y * 0.45);
    float core = smoothstep(0.022, 0.006, main_) + 0.8 * smoothstep(0.014, 0.004, branch) * step(y, 0.0) * step(-0.5, y);
    float glow = 0.3 * exp(-main_ * 11.0);
    return vec4(mix(colour.rgb, vec3(2.0), min(core, 1.0)), colour.a * clamp(core + (STYLE == 0 ? glow : glow * 0.4), 0.0, 1.0));
}
