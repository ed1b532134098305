"""Pure: which incident is this, and what changed."""
