"""C2PA signing: every finished video can prove what it is."""
