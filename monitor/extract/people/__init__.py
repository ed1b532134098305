"""The groups of people that a sentence names."""
