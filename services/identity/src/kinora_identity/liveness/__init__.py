"""Whether the person of an account is before the camera: sessions, their capture, and what becomes of it (ADR 0013)."""
