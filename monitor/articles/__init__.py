"""Pure: canonical addresses, text clean-up, entries to articles."""
