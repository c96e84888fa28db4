"""Jobs: from a prompt to a rendered video, exactly once."""
