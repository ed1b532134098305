"""Makes the builders of records importable: test folders are no packages."""

import importlib.util
import sys
from pathlib import Path

_path = Path(__file__).with_name("builders.py")
_spec = importlib.util.spec_from_file_location("schemas_examples", _path)
_module = importlib.util.module_from_spec(_spec)
sys.modules.setdefault("schemas_examples", _module)
_spec.loader.exec_module(sys.modules["schemas_examples"])
