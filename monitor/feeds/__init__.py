"""IO: fetching, parsing and scheduling of feeds and pages."""
