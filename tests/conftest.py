"""Makes the plain modules in ``tests/support`` importable: they are shared by tests of several packages."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "support"))
