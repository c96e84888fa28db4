"""Joint video and audio diffusion as an engine."""
