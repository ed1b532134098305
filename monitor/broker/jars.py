"""Fetches Kafka's jars once, checks each against the lock, and keeps them in the cache directory.

``kafka.lock`` holds the name and SHA-256 of every jar of the pinned version. What does not match
is never put on a class path. Later starts need no network and do not import the resolver.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from importlib import resources
from pathlib import Path

from platformdirs import user_cache_path

from monitor.broker.errors import BrokerError
from monitor.broker.rules import BrokerFault, Where, saying

KAFKA_VERSION = "4.3.1"
"""The version that all tests run on; raise it together with ``kafka.lock`` (``python -m monitor.broker.jars``)."""

# Kafka's POM brings no backend for slf4j, and without one the broker logs nothing at all.
_ENDPOINT = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"

_TIMEOUT_S = 30
_NOWHERE = Where(port=0, folder=Path(), log=Path())


def _error(fault: BrokerFault, detail: str) -> BrokerError:
    return BrokerError(fault, f"{saying(fault, _NOWHERE)} ({detail})")


@cache
def lock() -> dict[str, str]:
    """Return the SHA-256 of each jar by file name."""
    text = (resources.files("monitor.broker") / "kafka.lock").read_text(encoding="utf-8")
    pairs = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {name: digest for digest, name in pairs}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def mismatches(folder: Path) -> tuple[str, ...]:
    """Return the names of the lock's jars that are missing from ``folder`` or differ, in order."""
    return tuple(
        name
        for name, digest in sorted(lock().items())
        if not (folder / name).is_file() or _digest(folder / name) != digest
    )


def _resolve(work: Path) -> list[Path]:
    # Imported here: a warm start must not pay for the resolver (0.3 s).
    import requests  # noqa: PLC0415
    from jgo.env import EnvironmentBuilder, LinkStrategy  # noqa: PLC0415
    from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415

    context = MavenContext(
        resolver=PythonResolver(),
        repo_cache=work / "m2",
        local_repos=[],
        timeout=_TIMEOUT_S,
    )
    builder = EnvironmentBuilder(
        context=context, cache_dir=work / "env", link_strategy=LinkStrategy.HARD
    )
    try:
        # Not `classpath`: that leaves out the jars that jgo files as modules, 44 of 46.
        return [Path(jar) for jar in builder.from_endpoint(_ENDPOINT).all_jars]
    except (requests.RequestException, OSError) as exc:
        raise _error(BrokerFault.NO_NETWORK, type(exc).__name__) from exc
    except (RuntimeError, ValueError) as exc:
        # What jgo raises where a repository answers, but without the artifact or with a wrong checksum.
        raise _error(BrokerFault.NO_NETWORK, str(exc).splitlines()[0][:200]) from exc


def _fetch(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetch-") as name:
        fresh = Path(name) / "jars"
        fresh.mkdir()
        for jar in _resolve(Path(name)):
            if jar.name in lock():
                shutil.copyfile(jar, fresh / jar.name)
        if wrong := mismatches(fresh):
            raise _error(BrokerFault.JARS_DIFFER, ", ".join(wrong[:3]))
        shutil.rmtree(target, ignore_errors=True)
        if not target.exists():
            fresh.rename(target)


def jars(cache_dir: Path | None = None) -> Path:
    """Return the directory that holds exactly the locked jars, fetching them first if need be.

    Raises:
        BrokerError: there is no network, or what was fetched is not what the lock says.
    """
    target = (cache_dir or user_cache_path("news-monitor")) / f"kafka-{KAFKA_VERSION}"
    if mismatches(target):
        _fetch(target)
    return target


def have(cache_dir: Path | None = None) -> bool:
    """Return whether a start needs no download."""
    return not mismatches((cache_dir or user_cache_path("news-monitor")) / f"kafka-{KAFKA_VERSION}")


def _print_lock() -> None:
    with tempfile.TemporaryDirectory() as name:
        found = sorted(_resolve(Path(name)), key=lambda jar: jar.name)
        lines = [f"{_digest(jar)}  {jar.name}" for jar in found]
    print(f"# Kafka {KAFKA_VERSION}: the SHA-256 of each jar.", *lines, sep="\n")  # noqa: T201


if __name__ == "__main__":
    _print_lock()
