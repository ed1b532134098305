"""Guided by coverage, nothing that reads foreign bytes raises. A short run here; by hand for hours (see the support module)."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from fuzz_targets import TARGETS

SCRIPT = Path(__file__).parents[1] / "support/fuzz_targets.py"
SEEDS = Path(__file__).parents[1] / "feeds/data"

pytestmark = pytest.mark.slow


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris has no wheel for this system")
@pytest.mark.parametrize("target", TARGETS)
def test_a_short_run_finds_nothing(tmp_path, target):
    argv = [sys.executable, str(SCRIPT), target, "-runs=300", "-max_len=2000", "-seed=7"]
    argv += [f"-artifact_prefix={tmp_path}/", "-timeout=30", "-rss_limit_mb=0"]
    # What is found is written to the first folder.
    (tmp_path / "found").mkdir()
    argv += [str(tmp_path / "found")]
    argv += [str(SEEDS)] if target in {"feed", "outlines"} else []
    done = subprocess.run(argv, capture_output=True, timeout=250, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-3000:]


@pytest.mark.parametrize("target", TARGETS)
def test_each_target_runs_without_it(target):
    run = TARGETS[target]()
    for raw in (
        b"",
        b"\x00",
        b"\xff\xfe",
        b"12 March 2026 killed 14",
        b"<a>&lt;b",
        b"[x]\ny = 1\n",
    ):
        run(raw)
