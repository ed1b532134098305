"""Pure: fingerprints and the four outcomes."""
