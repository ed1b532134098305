"""The project's own worker processes: one task each, a deadline, a memory limit, replaced one by one.

Parsing and extraction read hostile text with libraries that may hang, blow up or crash. A task that does
so costs its own process and nothing else: no neighbour is lost with it, as in a pool that breaks as a
whole (``concurrent.futures.BrokenProcessPool``). Tasks are functions ``bytes -> bytes`` named
``module:function``; the caller chooses the codec::

    pool = ChildPool(
        target="monitor.feeds.parse:parse_task", size=2, deadline_s=20, memory_bytes=400 << 20
    )
    answer = await pool.run(payload)
    await pool.aclose()

Errors::

    ChildError
    ├── DeadlineExceeded   the task took too long; its process was killed
    ├── ChildDied          the process ended or broke the protocol
    │   └── OutOfMemory    because it reached its memory limit
    └── TaskFailed         the task raised; its process lives on
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec
import psutil

from monitor.child import FAILED, LENGTH, OK, OUT_OF_MEMORY, Settings
from monitor.turns import Turns

START_DEADLINE_S = 120.0
"""A child may load a model of hundreds of megabytes on a busy machine."""

MAX_ANSWER_BYTES = 64 << 20
"""A task's answer is smaller than what it read; more is a child gone wrong."""

TASKS_PER_CHILD = 2000
"""A child is replaced after so many tasks, since parsers written in C leak a little."""

MEMORY_CHECK_S = 0.25
"""How often the parent looks at a busy child's resident size: the limit on systems whose kernel sets none."""

PATIENCE = 3.0
"""A task that got little of the processor may take so many times its deadline: a busy machine is no hostile article."""
STARVED = 0.5
"""A process that used less of its deadline than this on a processor was waiting for one, or hangs asleep."""

ONE_THREAD = MappingProxyType(
    dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
)
"""A child has one core's work to do; numeric libraries else start a thread for each core."""


class ChildError(Exception):
    """A task gave no result."""


class DeadlineExceeded(ChildError):  # noqa: N818 -- it reads as what happened
    """The task took longer than its deadline."""


class ChildDied(ChildError):  # noqa: N818 -- it reads as what happened
    """The process ended in the middle of a task, or answered what no child answers."""


class OutOfMemory(ChildDied):
    """The task needed more than the memory limit."""


class TaskFailed(ChildError):  # noqa: N818 -- it reads as what happened
    """The task raised; the message holds the type and text of its exception."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Child:
    """One live process and how many tasks it did."""

    process: asyncio.subprocess.Process
    done: int = 0
    too_big: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def gone(self) -> bool:
        """Whether it has ended; the event loop learns of an end a little later than the system does."""
        assert self.process.stdout is not None
        told = self.process.returncode is not None or self.process.stdout.at_eof()
        return told or not psutil.pid_exists(self.pid)


@dataclass(slots=True, eq=False)
class _Place:
    """A place in the pool, with its process once there is one."""

    child: _Child | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class ChildPool:
    """Up to ``size`` processes that run ``target``.

    ``initialiser`` (``module:function``, no arguments) runs once in each process before its first task.
    ``deadline_s`` counts from when the task reaches a process, not from when it began to wait for one; a task
    that got less than half of that on a processor has ``PATIENCE`` times as long.
    ``environ`` is added to the environment of the processes.
    """

    target: str
    size: int
    deadline_s: float
    memory_bytes: int
    initialiser: str | None = None
    start_deadline_s: float = START_DEADLINE_S
    tasks_per_child: int = TASKS_PER_CHILD
    environ: Mapping[str, str] = field(default_factory=dict)
    _turns: Turns[_Place] = field(default_factory=Turns, init=False)
    _children: set[_Child] = field(default_factory=set, init=False)
    _refills: set[asyncio.Task[None]] = field(default_factory=set, init=False)
    _closed: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Fill the pool with places; processes start with the first task, or with ``start``."""
        for _ in range(self.size):
            self._turns.give(_Place())

    async def start(self) -> None:
        """Start all processes now and wait until they are ready.

        Raises:
            ChildDied: one could not start.
        """
        places = self._turns.take_free()
        try:
            await asyncio.gather(*(self._fill(place) for place in places))
        finally:
            for place in places:
                self._turns.give(place)

    async def run(self, payload: bytes, *, deadline_s: float | None = None, flow: int = 0) -> bytes:
        """Return what the task makes of ``payload``, waiting for a free process first.

        Tasks go in the order in which they came, and those of several flows by turns, as many bytes of each.

        Raises:
            DeadlineExceeded: it took longer than ``deadline_s``, the pool's own where ``None``.
            ChildDied: its process ended, or could not start. ``OutOfMemory`` where that is the cause.
            TaskFailed: the task raised.
        """
        place = await self._turns.take(flow, len(payload))
        try:
            child = await self._fill(place)
            return await self._ask(place, child, payload, deadline_s or self.deadline_s)
        finally:
            self._give_back(place)

    async def aclose(self) -> None:
        """End all processes and wait for them. Tasks under way raise ``ChildDied``."""
        self._closed = True
        for task in tuple(self._refills):
            task.cancel()
        await asyncio.gather(*self._refills, return_exceptions=True)
        await asyncio.gather(*(self._end(child) for child in tuple(self._children)))

    @property
    def pids(self) -> tuple[int, ...]:
        """The live processes, for status and tests."""
        return tuple(sorted(child.pid for child in self._children))

    async def _fill(self, place: _Place) -> _Child:
        if self._closed:
            msg = "the pool is closed"
            raise ChildDied(msg)
        if place.child is not None and place.child.gone:
            await self._drop(place)  # Something from outside ended it while it was idle.
        if place.child is None:
            place.child = await self._spawn()
        return place.child

    def _give_back(self, place: _Place) -> None:
        """Put the place back; where its process is gone, start another first, beside the running tasks."""
        worn = place.child is not None and place.child.done >= self.tasks_per_child
        if self._closed or (place.child is not None and not worn):
            self._turns.give(place)
            return
        task = asyncio.get_running_loop().create_task(self._refill(place))
        self._refills.add(task)
        task.add_done_callback(self._refills.discard)

    async def _refill(self, place: _Place) -> None:
        try:
            if place.child is not None:
                await self._drop(place)
            with contextlib.suppress(ChildError, OSError):  # The next task tries again and tells.
                await self._fill(place)
        finally:
            self._turns.give(place)

    async def _spawn(self) -> _Child:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "monitor.child", self._settings()),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, **self.environ},
        )
        child = _Child(process=process)
        self._children.add(child)
        try:
            kind, body = await asyncio.wait_for(self._answer(child), self.start_deadline_s)
        except BaseException as exc:
            await self._end(child)
            if isinstance(exc, TimeoutError):
                msg = f"{self.target} was not ready after {self.start_deadline_s:g} s"
                raise ChildDied(msg) from exc
            raise
        if kind != OK:
            await self._end(child)
            msg = f"{self.target} could not start: {body.decode('utf-8', 'replace')}"
            raise ChildDied(msg)
        return child

    def _settings(self) -> str:
        return msgspec.json.encode(
            Settings(
                target=self.target,
                initialiser=self.initialiser,
                deadline_s=self.deadline_s * PATIENCE,
                memory_bytes=self.memory_bytes,
                parent=os.getpid(),
            )
        ).decode()

    async def _ask(self, place: _Place, child: _Child, payload: bytes, deadline_s: float) -> bytes:
        watch = asyncio.get_running_loop().create_task(self._watch_memory(child))
        try:
            kind, body = await self._in_time(child, payload, deadline_s)
        except BaseException as exc:
            # Also when the caller was cancelled: the process is busy with a task nobody waits for.
            await self._drop(place)
            if isinstance(exc, TimeoutError):
                msg = f"{self.target} took longer than {deadline_s:g} s"
                raise DeadlineExceeded(msg) from exc
            if isinstance(exc, ChildDied) and child.too_big:
                raise self._out_of_memory() from exc
            raise
        finally:
            watch.cancel()
        child.done += 1
        if kind == OUT_OF_MEMORY:
            await self._drop(place)
            raise self._out_of_memory()
        if kind == FAILED:
            raise TaskFailed(body.decode("utf-8", "replace"))
        return body

    async def _in_time(
        self, child: _Child, payload: bytes, deadline_s: float
    ) -> tuple[bytes, bytes]:
        used = _processor_s(child.pid)
        async with asyncio.timeout(deadline_s * PATIENCE):
            exchange = asyncio.ensure_future(self._exchange(child, payload))
            try:
                await asyncio.wait((exchange,), timeout=deadline_s)
                if not exchange.done() and _processor_s(child.pid) - used > deadline_s * STARVED:
                    raise TimeoutError
                return await exchange
            finally:
                exchange.cancel()

    def _out_of_memory(self) -> OutOfMemory:
        return OutOfMemory(f"{self.target} needed more than {self.memory_bytes >> 20} MiB")

    async def _exchange(self, child: _Child, payload: bytes) -> tuple[bytes, bytes]:
        stdin = child.process.stdin
        assert stdin is not None
        try:
            stdin.write(LENGTH.pack(len(payload)) + payload)
            await stdin.drain()
        except OSError as exc:
            msg = f"{self.target}: the process ended before it read its task"
            raise ChildDied(msg) from exc
        return await self._answer(child)

    async def _answer(self, child: _Child) -> tuple[bytes, bytes]:
        stdout = child.process.stdout
        assert stdout is not None
        try:
            (length,) = LENGTH.unpack(await stdout.readexactly(LENGTH.size))
            if not 1 <= length <= MAX_ANSWER_BYTES:
                msg = f"{self.target} answered {length} bytes"
                raise ChildDied(msg)
            body = await stdout.readexactly(length)
        except (asyncio.IncompleteReadError, OSError) as exc:
            status = await child.process.wait()
            msg = f"{self.target}: the process ended with status {status}"
            raise ChildDied(msg) from exc
        return body[:1], body[1:]

    async def _watch_memory(self, child: _Child) -> None:
        """Kill a child that holds more than its limit, for kernels that do not refuse it the memory."""
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(child.pid)
            while process.memory_info().rss <= self.memory_bytes:  # noqa: ASYNC110 -- no event tells of it
                await asyncio.sleep(MEMORY_CHECK_S)
            child.too_big = True
            child.process.kill()

    async def _drop(self, place: _Place) -> None:
        child, place.child = place.child, None
        if child is not None:
            await self._end(child)

    async def _end(self, child: _Child) -> None:
        self._children.discard(child)
        with contextlib.suppress(ProcessLookupError):
            child.process.kill()
        await child.process.wait()


def _processor_s(pid: int) -> float:
    """Return the seconds that a process has spent on a processor, infinite where it cannot be told."""
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.Error:
        return math.inf
    return float(times.user + times.system)
