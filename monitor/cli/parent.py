"""End with the parent: a process that ``up`` started must not outlive it, even when it was killed."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import MutableMapping

PARENT = "NEWS_MONITOR_PARENT_PID"
_LOOK_S = 1.0


def follow_parent(env: MutableMapping[str, str]) -> None:
    """Where ``PARENT`` names our parent, ask ourselves to stop as soon as it is gone (Linux and macOS alike).

    The variable is taken out of ``env``: it is about this process, not about those that it starts.
    """
    given = env.pop(PARENT, "")
    if not given.isdigit():
        return
    if int(given) != os.getppid():
        sys.exit(f"the process {given} that started this one is gone")
    threading.Thread(target=_watch, args=(int(given),), daemon=True, name="parent").start()


def _watch(pid: int) -> None:
    pause = threading.Event()
    while os.getppid() == pid:
        pause.wait(_LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
    pause.wait(30 * _LOOK_S)
    os._exit(70)
