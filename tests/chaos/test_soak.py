"""Eight articles a second for ``CHAOS_SOAK_MIN`` minutes (default 120): memory, open files and state stay bounded."""

import asyncio
import os
import time

import psutil
import pytest
from rig import Wire

MINUTES = float(os.environ.get("CHAOS_SOAK_MIN", "120"))
RATE = 8
WARM_S = 1200.0
"""Memory is judged after the first 20 minutes."""
MOST_MB_PER_HOUR = 1.0


def sample(rig):
    """Resident MB and open files of worker and poller, children included."""
    total, files = 0.0, 0
    for process in rig.keeper.processes.values():
        parent = psutil.Process(process.process.pid)
        for one in [parent, *parent.children(recursive=True)]:
            total += one.memory_info().rss / 1e6
            files += one.num_fds()
    return total, files


def slope(points):
    """Least squares, in units per hour."""
    n = len(points)
    mt, mv = sum(t for t, _ in points) / n, sum(v for _, v in points) / n
    over = sum((t - mt) * (v - mv) for t, v in points)
    return over / sum((t - mt) ** 2 for t, _ in points) * 3600


@pytest.mark.chaos
@pytest.mark.timeout(MINUTES * 60 + 1800)
async def test_soak(up, table, tmp_path):
    wire = Wire(1)
    rig = await up(wire=wire, quick=True)
    end = rig.load(RATE)
    begun, points = time.monotonic(), []
    while (now := time.monotonic() - begun) < MINUTES * 60:
        points.append((now, *sample(rig)))
        await asyncio.sleep(10)
    end()
    (tmp_path / "soak.tsv").write_text("".join(f"{t:.0f}\t{m:.1f}\t{f}\n" for t, m, f in points))
    warm = [p for p in points if p[0] > min(WARM_S, MINUTES * 30)]
    growth = slope([(t, m) for t, m, _ in warm])
    files = max(f for *_, f in warm) - min(f for *_, f in warm)
    outcome = await rig.settle()
    table.add(f"soak {MINUTES:g} min: {growth:+.1f} MB/h, files {files:+d}", 1, outcome)
    assert outcome.is_clean(repeated=0), outcome
    assert files < 20
    assert growth < MOST_MB_PER_HOUR or MINUTES * 60 < 2 * WARM_S, growth
