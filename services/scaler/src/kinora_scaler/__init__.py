"""Scaling by waiting work."""
