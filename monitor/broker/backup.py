"""Copies the local Kafka's data to one file and back, while Kafka runs or stands still.

A running Kafka is copied as a crash would leave it, in an order in which nothing can be lost: how far the stages have
committed first, then what they remember, then what they made and read, then Kafka's own metadata. So after a
restore a stage may find itself further than its offset says, which is what follows every ``kill -9``, and never behind.
Kafka's indexes and checkpoints are left out: it makes them anew from its segments, as after a crash. A partition whose
segments are exchanged (compacted, deleted) while they are copied is copied again.
"""

from __future__ import annotations

import errno
import io
import os
import shutil
import tarfile
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from monitor.errors import InputError
from schemas.cards import all_topics

FORMAT = 1
"""Version of the file: raised by a change that older versions of the monitor cannot restore."""
MANIFEST = "backup.json"
IDENTITY = "data/meta.properties"
TRIES = 20
COMPRESSION = 1
"""gzip's quickest level: JSON shrinks to a quarter, and a gigabyte takes some ten seconds."""

_OFFSETS, _METADATA = "__consumer_offsets", "__cluster_metadata"
_KEPT = (".log", ".snapshot", ".checkpoint")
_FILES = ("partition.metadata", "quorum-state", "leader-epoch-checkpoint")
_BESIDE = ("websub.key",)
"""Files of the state directory itself that cannot be made anew."""
_DAMAGED = (OSError, EOFError, tarfile.TarError, zlib.error, msgspec.MsgspecError)
_PIECE_BYTES = 1 << 20


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup is, as it stands at its beginning."""

    format: int
    version: str
    at: str
    partitions: int


def back_up(state_dir: Path, target: Path, now: datetime) -> int:
    """Write the data to ``target`` and return its size in bytes. Nothing is left at ``target`` where that fails.

    Raises:
        InputError: there is no data, ``target`` is there already, or it cannot be written.
    """
    data = state_dir / "kafka" / "data"
    if not (data.parent / IDENTITY).is_file():
        msg = f"{data} holds no data of a local Kafka"
        raise InputError(msg)
    if target.exists():
        msg = f"{target} is there already"
        raise InputError(msg)
    part = target.with_name(target.name + ".part")
    try:
        with tarfile.open(part, "w:gz", compresslevel=COMPRESSION) as tar:
            _write(tar, state_dir, data, now)
        part.chmod(0o600)
        part.replace(target)
    except OSError as exc:
        msg = f"{target}: {exc.strerror or exc}"
        raise InputError(msg) from exc
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size


def restore(state_dir: Path, source: Path, *, replace: bool = False) -> Manifest:
    """Put the data of a backup into place and return what it is. The caller holds the broker's lock.

    Data that is there is kept beside, under a name with the time, where ``replace`` is set.

    Raises:
        InputError: ``source`` is no backup, of a later format, or there is data already.
    """
    folder = state_dir / "kafka"
    data, fresh = folder / "data", folder / "data.restoring"
    if data.exists() and any(data.iterdir()) and not replace:
        msg = f"{data} is not empty; --replace keeps what is there beside it"
        raise InputError(msg)
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        with tarfile.open(source, "r:gz") as tar:
            manifest = _manifest(tar, source)
            tar.extractall(fresh, filter="data")
            _check_sum(tar)
    except _DAMAGED as exc:
        shutil.rmtree(fresh, ignore_errors=True)
        msg = f"{source} is no backup, or is damaged: {exc}"
        raise InputError(msg) from exc
    if not (fresh / IDENTITY).is_file():
        shutil.rmtree(fresh)
        msg = f"{source} is damaged: {IDENTITY} is missing"
        raise InputError(msg)
    if data.exists():
        data.rename(folder / f"data.{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}")
    (fresh / "data").rename(data)
    for name in _BESIDE:
        if (fresh / name).is_file():
            (fresh / name).replace(state_dir / name)
    shutil.rmtree(fresh)
    return manifest


def _check_sum(tar: tarfile.TarFile) -> None:
    """Read to the end, where gzip's sum of the whole stands: tarfile itself stops before it."""
    assert tar.fileobj is not None
    while tar.fileobj.read(_PIECE_BYTES):
        pass


def _manifest(tar: tarfile.TarFile, source: Path) -> Manifest:
    first = tar.next()
    stream = tar.extractfile(first) if first is not None and first.name == MANIFEST else None
    if stream is None:
        msg = f"{source} is no backup of the monitor"
        raise InputError(msg)
    told = msgspec.json.decode(stream.read(), type=dict[str, Any])
    if told.get("format") != FORMAT:
        msg = f"{source} has format {told.get('format')}, this version restores {FORMAT}"
        raise InputError(msg)
    return msgspec.convert(told, Manifest)


def _write(tar: tarfile.TarFile, state_dir: Path, data: Path, now: datetime) -> None:
    folders = in_order(path for path in data.iterdir() if path.is_dir() and _is_partition(path))
    manifest = Manifest(
        format=FORMAT,
        version=version("news-monitor"),
        at=now.astimezone(UTC).isoformat(timespec="seconds"),
        partitions=len(folders),
    )
    _add(tar, MANIFEST, msgspec.json.encode(manifest))
    _add(tar, IDENTITY, (data.parent / IDENTITY).read_bytes())
    for folder in folders:
        with _opened(folder) as files:
            for name, file in files.items():
                _add_file(tar, f"data/{folder.name}/{name}", file)
    for name in _BESIDE:
        if (state_dir / name).is_file():
            _add(tar, name, (state_dir / name).read_bytes())


def in_order(folders: Iterable[Path]) -> list[Path]:
    """Return partitions in the order in which they are copied: offsets, rows, records, metadata."""
    rows = {card.name for card in all_topics().values() if card.like or "rows" in card.name}
    rows.add("dedupe.fingerprints")

    def place(folder: Path) -> tuple[int, str]:
        topic = folder.name.rpartition("-")[0]
        if topic == _OFFSETS:
            return 0, folder.name
        if topic == _METADATA:
            return 3, folder.name
        return (1 if any(topic.endswith(name) for name in rows) else 2), folder.name

    return sorted(folders, key=place)


def _is_partition(folder: Path) -> bool:
    topic, _, number = folder.name.rpartition("-")
    return bool(topic) and number.isdigit()


@contextmanager
def _opened(folder: Path) -> Iterator[Mapping[str, BinaryIO]]:
    """Give the files of a partition that belong together; open, they can be read even where Kafka deletes them.

    Raises:
        OSError: they do not stand still.
    """
    for _ in range(TRIES):
        with ExitStack() as stack:
            before = _segments(folder)
            try:
                files = {n: stack.enter_context((folder / n).open("rb")) for n in before}
            except FileNotFoundError:
                continue
            # A new segment that was begun meanwhile is left out whole: that is a crash a moment earlier.
            if before.items() <= _segments(folder).items():
                yield files
                return
    msg = f"{folder.name} does not stand still"
    raise OSError(errno.EIO, msg)


def _segments(folder: Path) -> dict[str, int]:
    """Return the files to copy with their inodes: one that is exchanged has another."""
    found: dict[str, int] = {}
    for entry in os.scandir(folder):
        if entry.name in _FILES or entry.name.endswith(_KEPT):
            found[entry.name] = entry.inode()
    return found


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    tar.addfile(_info(name, len(content)), io.BytesIO(content))


def _add_file(tar: tarfile.TarFile, name: str, file: BinaryIO) -> None:
    """Add what a file holds now; a segment that is written to grows meanwhile."""
    tar.addfile(_info(name, os.fstat(file.fileno()).st_size), file)


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    info.mtime = int(time.time())
    return info
