"""``news-monitor broker``: the local Kafka alone, in the foreground, until it is told to stop."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from pathlib import Path

from monitor.broker.local import LocalBroker
from monitor.broker.server import HEAP_MB

_LOOK_S = 0.5


def run(
    state_dir: Path,
    port: int,
    say: Callable[[str], None],
    *,
    stop: threading.Event | None = None,
    cache_dir: Path | None = None,
    heap_mb: int = HEAP_MB,
) -> None:
    """Run Kafka until SIGINT, SIGTERM or ``stop``; ``say`` gets each line for people.

    Raises:
        BrokerError: Kafka cannot run, or ended by itself.
    """
    asked = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: asked.set())
    with LocalBroker(state_dir, port, cache_dir=cache_dir, heap_mb=heap_mb, say=say) as broker:
        say(f"Kafka serves on {broker.bootstrap} (pid {broker.pid}), data in {broker.folder}")
        while not asked.wait(_LOOK_S):
            if (wrong := broker.failure()) is not None:
                raise wrong
    say("Kafka has stopped")
