"""Where the processes of one machine share their figures, so that one scrape adds them up.

prometheus-client looks at the variable when it is imported: it must be set before that, so nothing is imported here.
"""

from __future__ import annotations

import os
from pathlib import Path

MULTIPROCESS_DIR = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus-client adds up the figures of many processes on one machine."""


def share_figures(folder: Path) -> None:
    """Share figures in a folder from now on, with all processes that this one starts; what an earlier run left is cleared."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    os.environ[MULTIPROCESS_DIR] = str(folder)
