"""Takes a new configuration over while the monitor runs, and says what of it waits for a restart.

A new configuration is taken as a whole or refused as a whole; a refused one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel

from monitor import metrics
from monitor.config import Config
from monitor.errors import MonitorError

log = structlog.get_logger(__name__)

AT_ONCE = frozenset(
    "feeds sinks watches log.level log.format poll.lists poll.opml poll.interval_s "
    "poll.min_interval_s poll.full_text board.tokens board.editors board.proxy_editors".split()
)
"""Keys that take effect at once. All others shape what is open already: connections, ports, child processes,
state, and what stages must agree on. Who takes them over: ``agents.deliver``, ``agents.alert``, ``agents.poll``,
``agents.board``, and ``monitor.cli.options`` for logs."""

_REFUSALS = (MonitorError, ImportError, ValueError)
"""What says that a configuration cannot be taken: ``ConfigError`` is a ``ValueError``, an extra that is missing
an ``ImportError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new configuration changes: ``config`` is what is in force with it."""

    config: Config
    at_once: tuple[str, ...] = ()
    after_restart: tuple[str, ...] = ()


def judge(old: Config, new: Config) -> Change:
    """Return what of ``new`` takes effect at once, where ``old`` is in force."""
    before = dict(_keys(old))
    different = [key for key, value in _keys(new) if value != before[key]]
    at_once = tuple(key for key in different if key in AT_ONCE)
    return Change(
        config=_with(old, new, at_once),
        at_once=at_once,
        after_restart=tuple(key for key in different if key not in AT_ONCE),
    )


def _keys(config: Config) -> Iterator[tuple[str, Any]]:
    """Yield each key with its value (of any type): tables are looked into, arrays are one value."""
    for name in type(config).model_fields:
        value = getattr(config, name)
        if not isinstance(value, BaseModel):
            yield name, value
            continue
        for inner in type(value).model_fields:
            yield f"{name}.{inner}", getattr(value, inner)


def _with(old: Config, new: Config, keys: tuple[str, ...]) -> Config:
    changed: dict[str, Any] = {}
    for key in keys:
        table, _, inner = key.partition(".")
        value = getattr(new, table)
        if inner:
            before = changed.get(table, getattr(old, table))
            value = before.model_copy(update={inner: getattr(value, inner)})
        changed[table] = value
    return old.model_copy(update=changed)


class Reloading:
    """Holds the configuration in force, and takes over a new one when it is asked to."""

    def __init__(
        self,
        config: Config,
        read: Callable[[], Config],
        in_force: Callable[[Config], None] = lambda _: None,
    ) -> None:
        """``read`` reads the configuration again, from where ``config`` came; ``in_force`` is told what all took over."""
        self.config = config
        self._read = read
        self._in_force = in_force
        self._takers: list[Callable[[Config], object]] = []

    def on_change(self, taker: Callable[[Config], object]) -> None:
        """Call ``taker`` with each new configuration; where it raises one of ``_REFUSALS``, nothing is taken over."""
        self._takers.append(taker)

    def reload(self) -> None:
        """Read the configuration again and take it over, or keep the old one; the log says which."""
        try:
            change = judge(self.config, self._read())
            for taker in self._takers:
                taker(change.config)
        except _REFUSALS as exc:
            metrics.config_read.set(0)
            log.error("configuration refused, the old one stays", mistakes=str(exc).splitlines())  # noqa: TRY400 -- the mistakes say it all
            return
        self.config = change.config
        self._in_force(change.config)
        metrics.config_read.set(1)
        log.info("configuration read again", at_once=list(change.at_once))
        if change.after_restart:
            log.warning(
                "of the configuration, this waits for a restart", keys=list(change.after_restart)
            )
