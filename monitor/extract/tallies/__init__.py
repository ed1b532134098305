"""Running counts over a period."""
