"""The names in a text: persons, bodies, places."""
