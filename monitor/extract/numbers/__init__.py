"""What a sentence counts."""
