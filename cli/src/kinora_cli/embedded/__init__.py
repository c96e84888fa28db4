"""The servers that the one-process platform brings along: Postgres and Triton."""
