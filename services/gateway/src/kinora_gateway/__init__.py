"""The public door: the OpenAI-compatible video API over HTTP."""
