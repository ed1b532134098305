"""Read articles into reports: incidents, casualties, tallies and statements, each with the span it was read from."""

from monitor.extract.extractor import Extractor
from monitor.extract.policy import Policy

__all__ = ["Extractor", "Policy"]
