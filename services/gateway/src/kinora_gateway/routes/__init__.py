"""The public paths, one resource per file."""
