"""Everything of somebody's, in one ZIP."""
