"""What stands between Triton and an engine."""
