"""Faces in clips: liveness challenges, their analysis, and the likeness taken from an accepted clip."""
