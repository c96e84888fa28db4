"""The kinora command: serve, generate, and the embedded platform."""
