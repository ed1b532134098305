"""Pure: is this worth telling people, and in what words."""
