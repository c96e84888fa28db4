"""Media in and out: decode, encode, probe, thumbnails, captions, and the object store."""
