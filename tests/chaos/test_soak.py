"""Eight articles a second for ``CHAOS_SOAK_MIN`` minutes (default 120): memory, open files and state stay bounded.

The articles' days pass in half a minute, so that what is kept for a month is let go of within a quarter of an hour.
``CHAOS_SOAK_RATE`` is another number of articles a second, for a machine that others use too.
"""

import asyncio
import os
import time
from datetime import timedelta

import psutil
import pytest
from rig import Wire

from agents.admin import group_lags

MINUTES = float(os.environ.get("CHAOS_SOAK_MIN", "120"))
RATE = float(os.environ.get("CHAOS_SOAK_RATE", "8"))
DAY_S = 30.0
IN_SO_MANY = 20
"""One article in so many tells of an incident."""
WARM_S = 1200.0
"""Memory is judged after the first 20 minutes."""
MOST_MB_PER_HOUR = 1.0
MOST_FILES = 20
LOOK_S = 10.0
PLAYED_EVERY = 6
"""The oracle reads along, once in so many looks."""


def sample(rig):
    """Resident MB and open files by process, children included."""
    found = {}
    for name, process in rig.keeper.processes.items():
        parent = psutil.Process(process.process.pid)
        all_of_it = [parent, *parent.children(recursive=True)]
        found[name] = (
            sum(one.memory_info().rss for one in all_of_it) / 1e6,
            sum(one.num_fds() for one in all_of_it),
        )
    return found


def slope(points):
    """Least squares, in units per hour."""
    n = len(points)
    mt, mv = sum(t for t, _ in points) / n, sum(v for _, v in points) / n
    over = sum((t - mt) * (v - mv) for t, v in points)
    return over / sum((t - mt) ** 2 for t, _ in points) * 3600


async def watched(rig, path):
    """Samples (second, by process) as long as the soak lasts; also kept in a file, with what waits."""
    begun, points = time.monotonic(), []
    with path.open("w") as out:
        while (now := time.monotonic() - begun) < MINUTES * 60:
            points.append((now, sample(rig)))
            print(f"{now:.0f}", points[-1][1], await waiting(rig), sep="\t", file=out, flush=True)
            if len(points) % PLAYED_EVERY == 0:
                await rig.replayed()
            await asyncio.sleep(LOOK_S)
    return points


async def waiting(rig):
    """Records that wait, by stage."""
    found = await group_lags(rig.settings.kafka)
    return {stage: sum(lag.waiting for lag in of.values()) for stage, of in found.items()}


@pytest.mark.chaos
@pytest.mark.timeout(MINUTES * 60 + 1800)
async def test_soak(up, table, tmp_path):
    every = timedelta(days=1) / DAY_S / RATE
    rig = await up(wire=Wire(1, in_so_many=IN_SO_MANY, every=every), faults=["dated"])
    rig.started -= timedelta(days=MINUTES * 60 / DAY_S + 1)
    end = rig.load(RATE)
    points = await watched(rig, tmp_path / "soak.tsv")
    end()
    warm = [p for p in points if p[0] > min(WARM_S, MINUTES * 30)]
    grown = {n: slope([(t, of[n][0]) for t, of in warm]) for n in ("worker", "poller")}
    counts = [sum(files for _, files in of.values()) for _, of in warm]
    outcome = await rig.settle()
    growth = ", ".join(f"{name} {mb:+.1f} MB/h" for name, mb in grown.items())
    table.add(
        f"soak {MINUTES:g} min at {RATE:g}/s: {growth}, files {min(counts)} to {max(counts)}",
        1,
        outcome,
    )
    assert outcome.is_clean(repeated=0), outcome
    assert max(counts) - min(counts) < MOST_FILES
    assert max(grown.values()) < MOST_MB_PER_HOUR or MINUTES * 60 < 2 * WARM_S, grown
