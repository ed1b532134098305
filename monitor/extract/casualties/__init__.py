"""Who was killed and who was hurt, and how many."""
