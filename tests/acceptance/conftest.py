"""Makes ``story.py`` importable by its neighbours: test folders are no packages."""

import importlib.util
import sys
from pathlib import Path

_spec = importlib.util.spec_from_file_location(
    "acceptance_story", Path(__file__).with_name("story.py")
)
_module = importlib.util.module_from_spec(_spec)
sys.modules["acceptance_story"] = _module
_spec.loader.exec_module(_module)
