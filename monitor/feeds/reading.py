"""The one function that the poller's child processes run: a body in, what it says out.

What reads pages is imported with the first page: it takes 60 MB that a poller without full text does not need.
"""

from __future__ import annotations

import msgspec

from monitor.feeds.digest import read
from monitor.feeds.tasks import PageTask, RobotsTask, Task

_Any = Task | PageTask | RobotsTask
_tasks = msgspec.msgpack.Decoder(_Any)
_encoder = msgspec.json.Encoder()
"""Answers are JSON: MessagePack would turn dates to UTC and lose the offset that a feed wrote."""


def work(payload: bytes) -> bytes:
    """Read what a task asks for: the child's side."""
    task: _Any = _tasks.decode(payload)
    match task:
        case Task():
            return _encoder.encode(read(task))
        case PageTask():
            from monitor.feeds.page import read_page  # noqa: PLC0415 -- see the module's docstring

            return _encoder.encode(read_page(task))
        case RobotsTask():
            from monitor.feeds.page import robots  # noqa: PLC0415 -- the same

            return _encoder.encode(robots(task))
