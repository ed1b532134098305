"""Faults against the whole system, and a table of what they did.

``CHAOS_SEED`` (default 1) chooses the moments, ``CHAOS_ROUNDS`` (default 10) how many parts the kills have,
``CHAOS_PATIENCE`` (default 2) stretches the waits on a machine that others use too. Each test appends a line to
``build/chaos/report.tsv`` (``CHAOS_REPORT``). A part that stands there with its seed is not run again, so a
long run that was broken off goes on where it was; delete the table to begin anew.
"""

import os
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rig import Rig

SEED = int(os.environ.get("CHAOS_SEED", "1"))
REPORT = Path(os.environ.get("CHAOS_REPORT", "build/chaos/report.tsv"))
COLUMNS = (
    "fault", "seed", "times", "alerts", "lost", "repeated", "made_up", "second_ids", "quarantined",
    "recovery_s", "fresh_s", "at",
)  # fmt: skip


class Table:
    """The report: one line a fault."""

    def has(self, fault, seed):
        if not REPORT.exists():
            return False
        lines = REPORT.read_text().splitlines()
        return any(line.split("\t")[:2] == [fault, str(seed)] for line in lines)

    def add(self, fault, times, outcome, seed=SEED):
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        new = not REPORT.exists()
        o = outcome
        figures = (times, o.alerts, o.lost, o.repeated, o.unknown, o.second_ids, o.quarantined)
        line = (fault, seed, *figures, o.recovery_s, o.fresh_s, f"{datetime.now(UTC):%F %T}")
        with REPORT.open("a") as out:
            if new:
                print(*COLUMNS, sep="\t", file=out)
            print(*line, sep="\t", file=out)


@pytest.fixture
def table():
    return Table()


@pytest.fixture
def seed():
    return SEED


@pytest.fixture
async def up(tmp_path):
    """Start the system; it is ended with the test."""
    async with AsyncExitStack() as stack:

        async def up(folder=tmp_path, **how):
            return await stack.enter_async_context(Rig(folder, **how))

        yield up
