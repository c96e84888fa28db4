void finish(inout Surface s) {
    float face = step(0.5, abs(s.local_normal.y));
    vec2 p = s.local.xz / s.size.xz;
    float mark = inside(max(abs(p.x) - 0.8, abs(p.y) - 0.025));
    vec2 upper = (p - vec2(0, 0.5)) * vec2(1.0, 2.0), lower = (p + vec2(0, 0.5)) * vec2(1.0, 2.0);
    vec2 pip = abs(abs(upper) - vec2(0.45, 0.5));
    mark = max(mark, inside(length(pip) - 0.15) * step(0.0, p.y));
    mark = max(mark, inside(length(upper) - 0.15) * step(0.0, p.y));
    mark = max(mark, inside(length(abs(lower - vec2(0.45) * sign(lower.x + lower.y + 0.001))) - 0.15) * step(p.y, 0.0));
    s.albedo = mix(s.albedo, vec3(0.86), mark * face);
}
