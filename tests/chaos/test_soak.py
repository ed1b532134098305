"""Eight articles a second for ``CHAOS_SOAK_MIN`` minutes (default 120): memory, open files and state stay bounded.

The articles' days pass in ten seconds, so that what is kept for 64 days is let go of within a quarter of an hour, and
what is bounded by a count is bounded by a small one: all that grows after that is a leak.
``CHAOS_SOAK_RATE`` is another number of articles a second, for a machine that others use too.
"""

import asyncio
import os
import time
from datetime import timedelta
from itertools import combinations
from statistics import median

import psutil
import pytest
from rig import Wire

from agents.admin import group_lags

MINUTES = float(os.environ.get("CHAOS_SOAK_MIN", "120"))
RATE = float(os.environ.get("CHAOS_SOAK_RATE", "8"))
DAY_S = 10.0
IN_SO_MANY = 4
"""One article in so many tells of an incident."""
WARM_S = 1200.0
"""Memory is judged after the first 20 minutes."""
MOST_MB_PER_HOUR = 1.0
MOST_FILES = 20
LOOK_S = 10.0
PLAYED_EVERY = 6
"""The oracle reads along, once in so many looks."""


def sample(rig):
    """By process: its resident MB, those of its children, and the open files of all of them."""
    found = {}
    for name, process in rig.keeper.processes.items():
        parent = psutil.Process(process.process.pid)
        children = parent.children(recursive=True)
        own, *theirs = (one.memory_info().rss / 1e6 for one in (parent, *children))
        found[name] = (own, sum(theirs), sum(one.num_fds() for one in (parent, *children)))
    return found


def slope(points):
    """The median of the slopes between all pairs, in units per hour: a child that is replaced is a dip and no trend."""
    return median((b - a) / (t - s) for (s, a), (t, b) in combinations(points, 2)) * 3600


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
    rig = await up(wire=Wire(1, in_so_many=IN_SO_MANY, every=every), faults=["dated", "small"])
    rig.started -= timedelta(days=MINUTES * 60 / DAY_S + 1)
    end = rig.load(RATE)
    points = await watched(rig, tmp_path / "soak.tsv")
    end()
    warm = [p for p in points if p[0] > min(WARM_S, MINUTES * 30)]
    grown = {n: slope([(t, of[n][0]) for t, of in warm]) for n in ("worker", "poller")}
    children = {n: slope([(t, of[n][1]) for t, of in warm]) for n in grown}
    counts = [sum(files for *_, files in of.values()) for _, of in warm]
    outcome = await rig.settle()
    growth = ", ".join(f"{n} {grown[n]:+.1f} (children {children[n]:+.1f}) MB/h" for n in grown)
    table.add(
        f"soak {MINUTES:g} min at {RATE:g}/s: {growth}, files {min(counts)} to {max(counts)}",
        1,
        outcome,
    )
    assert outcome.is_clean(repeated=0), outcome
    assert max(counts) - min(counts) < MOST_FILES
    assert max(grown.values()) < MOST_MB_PER_HOUR or MINUTES * 60 < 2 * WARM_S, grown
