"""The one function that the poller's child processes run: a body in, what it says out."""

from __future__ import annotations

import msgspec

from monitor.feeds.digest import read
from monitor.feeds.page import read_page, robots
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
            return _encoder.encode(read_page(task))
        case RobotsTask():
            return _encoder.encode(robots(task))
