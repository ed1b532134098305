"""Shared parts of these tests are plain modules in ``tests/support``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
