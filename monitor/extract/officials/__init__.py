"""Who holds which office, and whose voice it is."""
