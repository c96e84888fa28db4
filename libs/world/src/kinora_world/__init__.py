"""The CPU world engine: a storyboard becomes frames, sound, captions and events."""
