"""Run child processes and keep them running: what ``news-monitor up`` is, and all that it is.

Each child is an ordinary command that can be run alone under systemd or Kubernetes. A child that ends is started
again after a pause that doubles up to a limit; one that ran well for a while starts from the short pause again.
Children are stopped in the reverse order of their start, so that readers stop before what they read from.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from prometheus_client.multiprocess import mark_process_dead

from monitor import hangup
from monitor.sharing import MULTIPROCESS_DIR

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
RAN_WELL_S = 60.0
"""A child that ran for this long is taken as well: the next pause is the first one again."""
STOP_S = 30.0
"""How long a child may take to stop before it is killed, which every stage stands."""
_LOOK_S = 0.1
MAX_LOG_BYTES = 20_000_000
MAX_LINE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """A process to keep running. ``ready`` is awaited before the next child starts. ``reloads``: it heeds SIGHUP."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], Awaitable[bool]] | None = None
    reloads: bool = False
    fatal: frozenset[int] = frozenset({78})
    """Exit codes after which starting again cannot help."""


@dataclass(slots=True)
class ChildState:
    """How a child is doing."""

    spec: ChildSpec
    process: asyncio.subprocess.Process | None = None
    starts: int = 0
    started_at: float = 0.0
    last_exit: int | None = None
    last_words: str = ""

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self.process is not None and self.process.returncode is None


class ChildFailedError(Exception):
    """A child ended in a way that starting it again cannot mend; the text is one line."""


class Supervisor:
    """Keeps children running until told to stop."""

    def __init__(
        self,
        specs: Sequence[ChildSpec],
        log_dir: Path,
        on_line: Callable[[str, str], Coroutine[Any, Any, None]],
    ) -> None:
        """``on_line`` gets the name of a child and each line of its standard output, and may have the child wait."""
        self.children = [ChildState(spec) for spec in specs]
        self._log_dir = log_dir
        self._on_line = on_line
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Start the children in order, keep them running, return when all have stopped.

        Raises:
            ChildFailedError: a child ended with one of its fatal exit codes.
        """
        self._log_dir.mkdir(parents=True, exist_ok=True)
        try:
            for child in self.children:
                task = asyncio.create_task(self._keep(child), name=child.spec.name)
                self._tasks.append(task)
                if not await self._until_ready(child, task):
                    break
            stop = asyncio.create_task(self._stopping.wait())
            waiting: list[asyncio.Task[Any]] = [*self._tasks, stop]
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
        finally:
            self._stopping.set()
            await self._stop_all()
        for ended in done - {stop}:
            ended.result()

    def stop(self) -> None:
        """Ask for the end; ``run`` returns when all children have stopped."""
        self._stopping.set()

    def reload(self) -> None:
        """Have the children read the configuration again; one that is not running does so with its next start."""
        for child in self.children:
            if child.spec.reloads and child.running and child.process is not None:
                child.process.send_signal(signal.SIGHUP)

    async def _until_ready(self, child: ChildState, task: asyncio.Task[None]) -> bool:
        """Wait until a child is ready; false when the wait is over because everything ends."""
        while not self._stopping.is_set() and not task.done():
            if child.spec.ready is None or await child.spec.ready():
                return True
            await asyncio.sleep(_LOOK_S)
        return False

    async def _keep(self, child: ChildState) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            code = await self._run_once(child)
            if self._stopping.is_set():
                return
            if code in child.spec.fatal:
                msg = f"{child.spec.name}: {child.last_words or f'exit code {code}'}"
                raise ChildFailedError(msg)
            if time.monotonic() - child.started_at > RAN_WELL_S:
                pause_s = FIRST_PAUSE_S
            await self._pause(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return

    async def _run_once(self, child: ChildState) -> int:
        child.starts += 1
        child.started_at = time.monotonic()
        with hangup.held() if child.spec.reloads else nullcontext():
            process = await asyncio.create_subprocess_exec(
                *child.spec.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={**os.environ, **child.spec.env},
                start_new_session=True,
                limit=MAX_LINE_BYTES,
            )
        child.process = process
        await asyncio.gather(self._read_lines(child, process), self._keep_log(child, process))
        child.last_exit = await process.wait()
        if MULTIPROCESS_DIR in os.environ:
            # Its gauges would else be added to those of the next process for ever.
            mark_process_dead(process.pid)  # type: ignore[no-untyped-call]  # without types
        return child.last_exit

    async def _read_lines(self, child: ChildState, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while True:
            try:
                line = await process.stdout.readline()
            except ValueError:
                continue  # A line over the limit: its start is dropped, the rest follows.
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip("\n")
            await self._tell(self._on_line(child.spec.name, text), process)

    async def _tell(
        self, telling: Coroutine[Any, Any, None], process: asyncio.subprocess.Process
    ) -> None:
        """Tell of a line, however long it takes; a child that has ended or is to stop is not held up by it."""
        told = asyncio.ensure_future(telling)
        ends = [asyncio.ensure_future(end) for end in (self._stopping.wait(), process.wait())]
        await asyncio.wait([told, *ends], return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        if told.done():
            told.result()
        else:
            told.cancel()

    async def _keep_log(self, child: ChildState, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        path = self._log_dir / f"{child.spec.name}.log"
        while chunk := await process.stderr.read(65536):
            _append(path, chunk)
            words = chunk.decode("utf-8", "replace").strip()
            if words:
                child.last_words = words.splitlines()[-1][:500]

    async def _stop_all(self) -> None:
        for child, task in reversed(list(zip(self.children, self._tasks, strict=False))):
            while not task.done():
                # Again, since its process may just have been started.
                await self._stop_one(child)
                await asyncio.wait([task], timeout=_LOOK_S)

    async def _stop_one(self, child: ChildState) -> None:
        process = child.process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            process.kill()
            await process.wait()


def _append(path: Path, chunk: bytes) -> None:
    """Append to a log that is kept to two files of a bounded size; a full disk loses log lines only."""
    try:
        if path.exists() and path.stat().st_size > MAX_LOG_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as out:
            out.write(chunk)
    except OSError:
        return


def memory_mb(children: Sequence[ChildState]) -> float:
    """Return the resident memory of the children and their descendants, in MB."""
    total = 0
    for child in children:
        if child.process is None:
            continue
        try:
            process = psutil.Process(child.process.pid)
            family = [process, *process.children(recursive=True)]
            total += sum(p.memory_info().rss for p in family)
        except psutil.Error:
            continue
    return total / 1e6
