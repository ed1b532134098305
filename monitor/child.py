"""The inside of a worker process: one task at a time, under limits that hold even where Python does not run.

Started by ``monitor.children`` as ``python -m monitor.child SETTINGS``; not for use by hand. Requests
come on standard input and answers leave on a private descriptor, each with a length of eight bytes in
front; what the task prints goes to standard error. The process ends when its input does.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import resource
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import BinaryIO

import msgspec

LENGTH = struct.Struct(">Q")
"""Eight bytes, big endian: how many bytes follow."""

OK, FAILED, OUT_OF_MEMORY = b"+", b"-", b"m"
"""First byte of an answer: a result, the text of an exception, no memory left (the process then ends)."""

GRACE_S = 2.0
"""The parent kills at the deadline; the kernel's alarm does so this much later, if the parent hangs or is gone."""

ORPHAN_CHECK_S = 1.0
PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: the signal that this process gets when its parent dies."""

MAX_ERROR_CHARS = 400

Task = Callable[[bytes], bytes]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a child is told when it starts."""

    target: str
    initialiser: str | None
    deadline_s: float
    memory_bytes: int
    parent: int


def load(name: str) -> Callable[..., bytes]:
    """Return the function that ``module:function`` names."""
    module, _, attribute = name.partition(":")
    found: Callable[..., bytes] = getattr(importlib.import_module(module), attribute)
    return found


def limit_memory(memory_bytes: int) -> None:
    """Let the kernel refuse memory beyond the limit.

    Linux counts private writable memory (``RLIMIT_DATA``, setrlimit(2)), which is near to what a process
    uses; address space (``RLIMIT_AS``) would also count what libraries only reserve. macOS heeds
    neither well; there the parent's own watch over the resident size is what holds.
    """
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with_parent(parent: int) -> None:
    """End this process when its parent ends, also in the middle of a task."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK_S)
    os._exit(1)


def ignore_signals() -> None:
    """Leave the end to the parent: a Ctrl-C or a service's stop reaches the whole group, and tasks must finish."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)


def read_message(stream: BinaryIO) -> bytes | None:
    """Return the next message, ``None`` at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return body if len(body) == length else None


def write_message(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Write one answer."""
    stream.write(LENGTH.pack(len(kind) + len(body)))
    stream.write(kind)
    stream.write(body)
    stream.flush()


def describe(error: BaseException) -> bytes:
    """Return what went wrong in one bounded line."""
    return f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARS].encode("utf-8", "replace")


def do(task: Task, payload: bytes, deadline_s: float) -> tuple[bytes, bytes]:
    """Run the task under the kernel's alarm and return how it ended."""
    signal.setitimer(signal.ITIMER_REAL, deadline_s + GRACE_S)
    try:
        return OK, task(payload)
    except MemoryError:
        return OUT_OF_MEMORY, b"memory limit"
    except RecursionError as exc:
        return FAILED, describe(exc)
    except Exception as exc:  # noqa: BLE001 -- the edge of the process: any failure becomes an answer
        return FAILED, describe(exc)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def serve(task: Task, requests: BinaryIO, answers: BinaryIO, deadline_s: float) -> None:
    """Answer requests until there are no more, or until memory ran out."""
    while (payload := read_message(requests)) is not None:
        kind, body = do(task, payload, deadline_s)
        write_message(answers, kind, body)
        if kind == OUT_OF_MEMORY:
            return


def private_output() -> BinaryIO:
    """Return the answers' stream, and let whatever a library prints go to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def main() -> None:
    """Run as a child: limit, load, say that it is ready, serve."""
    settings = msgspec.json.decode(sys.argv[1].encode(), type=Settings)
    answers = private_output()
    ignore_signals()
    end_with_parent(settings.parent)
    limit_memory(settings.memory_bytes)
    try:
        if settings.initialiser:
            load(settings.initialiser)()
        task = load(settings.target)
    except Exception as exc:  # noqa: BLE001 -- told to the parent, which raises it where somebody waits
        write_message(answers, FAILED, describe(exc))
        return
    write_message(answers, OK, b"ready")
    serve(task, sys.stdin.buffer, answers, settings.deadline_s)


if __name__ == "__main__":
    main()
