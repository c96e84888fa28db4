"""`kinora plan`: how much hardware a Kinora needs, from what was measured (docs/benchmarks.md) and what is assumed (figures.toml)."""
