"""What officials say about incidents."""
