"""Pure: an article in, a report out, each fact with its span."""
