"""Makes the plain modules in ``tests/support`` importable: they are shared by tests of several packages."""

import sys
from pathlib import Path

from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent / "support"))

# Speed is measured in benchmarks; a busy machine is no failure of a property.
settings.register_profile("monitor", deadline=None)
settings.load_profile("monitor")
