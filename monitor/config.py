"""Read the configuration: one TOML file and the environment, checked as a whole, every mistake told at once.

With no file at all the monitor runs: a local Kafka, the built-in list of feeds, alerts on the console. A variable
``NEWS_MONITOR_KAFKA__BOOTSTRAP_SERVERS`` sets ``kafka.bootstrap_servers`` and goes before the file. Secrets are
written as ``env:NAME`` or ``file:PATH`` and never shown.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs
from pydantic import Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from monitor.board.section import BoardSection
from monitor.hidden import without_userinfo
from monitor.lines import line_of
from monitor.sections import (
    AlertmakingSection,
    BrokerSection,
    ExtractSection,
    FeedSection,
    HttpSection,
    KafkaSection,
    LogSection,
    PollSection,
    TracingSection,
)
from monitor.sinks.console import ConsoleConfig
from monitor.sinks.registry import KINDS, AnySinkConfig
from monitor.watchtables import WatchTable

ENV_PREFIX = "NEWS_MONITOR_"
MAX_FILE_BYTES = 4 * 1024 * 1024
"""A configuration of 10,000 feeds has about 1 MB."""
MAX_LINE_CHARS = 10_000
"""A key of thousands of parts takes the parser seconds; the longest list of places has a tenth of this."""
MAX_MISTAKES = 50
"""More are counted only."""
DEFAULT_FILES = ("news-monitor.toml",)
"""Looked for in the working directory, then ``config.toml`` in the user's configuration folder."""


class _Wrong(Exception):  # noqa: N818  never leaves this module
    """A mistake that pydantic does not find: the path of its key, and the words for it."""


class Config(BaseSettings):
    """The whole configuration."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        hide_input_in_errors=True,
    )

    state_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_state_dir("news-monitor")),
        description="Where the local Kafka, tables and logs are kept.",
    )
    kafka: KafkaSection = KafkaSection()
    broker: BrokerSection = BrokerSection()
    http: HttpSection = HttpSection()
    board: BoardSection = BoardSection()
    log: LogSection = LogSection()
    poll: PollSection = PollSection()
    feeds: tuple[FeedSection, ...] = Field(default=(), max_length=20_000)
    extract: ExtractSection = ExtractSection()
    alert: AlertmakingSection = AlertmakingSection()
    tracing: TracingSection = TracingSection()
    sinks: tuple[AnySinkConfig, ...] = Field(
        default=(ConsoleConfig(name="console"),), max_length=64
    )
    watches: tuple[WatchTable, ...] = Field(
        default=(),
        max_length=1000,
        description="What each receiver wants; none: all to every sink.",
    )
    workers: int = Field(default=1, ge=1, le=32, description="Worker processes that `up` starts.")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the base class's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  not read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  not read
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the environment before the file."""
        return (env_settings, init_settings)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Config:
        names = [s.name for s in self.sinks]
        if (place := _second(names)) is not None:
            raise _Wrong(("sinks", place, "name"), f"two sinks are named {names[place]!r}")
        for number, watch in enumerate(self.watches):
            if unknown := [s for s in watch.sinks if s not in names]:
                message = f"a watch names a sink that is not there: {unknown[0]!r}"
                raise _Wrong(("watches", number, "sinks"), message)
        urls = [f.url for f in self.feeds]
        if (place := _second(urls)) is not None:
            raise _Wrong(
                ("feeds", place, "url"), f"the feed {without_userinfo(urls[place])} stands twice"
            )
        return self


def _second(names: Sequence[str]) -> int | None:
    """Return where the first name stands that stood before, ``None`` where all differ."""
    seen: set[str] = set()
    for place, name in enumerate(names):
        if name in seen:
            return place
        seen.add(name)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One thing that is wrong: where (``line`` is ``None`` outside the file), which key, what."""

    key: str
    message: str
    line: int | None = None


class ConfigError(ValueError):
    """A configuration that is refused as a whole. Exit code 78 (EX_CONFIG of sysexits.h)."""

    EXIT_CODE = 78

    def __init__(self, path: Path | None, mistakes: tuple[Mistake, ...]) -> None:
        """Hold all mistakes, in the order of the file."""
        self.path = path
        self.mistakes = mistakes
        super().__init__("\n".join(self.lines()))

    def lines(self) -> list[str]:
        """Return one line a mistake: ``file:line: key: message``."""
        where = str(self.path or "configuration")
        return [
            f"{where}{f':{m.line}' if m.line else ''}: {m.key + ': ' if m.key else ''}{m.message}"
            for m in self.mistakes
        ]


def find_file(given: Path | None, *, cwd: Path, env: Mapping[str, str]) -> Path | None:
    """Return the configuration file: the one given, ``NEWS_MONITOR_CONFIG``'s, or one in its usual places."""
    if given is not None:
        return given
    if named := env.get(f"{ENV_PREFIX}CONFIG"):
        return Path(named)
    usual = [cwd / name for name in DEFAULT_FILES]
    usual.append(Path(platformdirs.user_config_dir("news-monitor")) / "config.toml")
    return next((p for p in usual if p.is_file()), None)


def load(path: Path | None) -> Config:
    """Return the configuration in a file and the environment, or in the environment alone.

    Raises:
        ConfigError: with every mistake, its key and its line.
    """
    text = "" if path is None else _text(path)
    try:
        return Config(**_resolved(tomllib.loads(text), ()))
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(path, (_syntax(exc, text),)) from exc
    except RecursionError as exc:
        raise ConfigError(path, (Mistake(key="", message="is nested too deeply"),)) from exc
    except _Wrong as exc:
        raise ConfigError(path, (_told(exc, text),)) from exc
    except ValidationError as exc:
        raise ConfigError(path, _mistakes(exc, text)) from exc
    except ValueError as exc:
        # A number of over 4,300 digits; the text would repeat none of it.
        message = "holds a number that is too long"
        raise ConfigError(path, (Mistake(key="", message=message),)) from exc


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()[: MAX_FILE_BYTES + 1]
    except OSError as exc:
        message = f"cannot be read: {exc.strerror}"
        raise ConfigError(path, (Mistake(key="", message=message),)) from exc
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError(path, (Mistake(key="", message=f"is over {MAX_FILE_BYTES} bytes"),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = raw[: exc.start].count(b"\n") + 1
        raise ConfigError(path, (Mistake(key="", message="is not UTF-8", line=line),)) from exc
    _check_lines(path, text)
    return text


def _check_lines(path: Path, text: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE_CHARS:
            message = f"a line of over {MAX_LINE_CHARS} characters"
            raise ConfigError(path, (Mistake(key="", message=message, line=number),))


def _mistakes(exc: ValidationError, text: str) -> tuple[Mistake, ...]:
    errors = exc.errors(include_input=False, include_url=False)
    found = [_mistake(dict(error), text) for error in errors[:MAX_MISTAKES]]
    found.sort(key=lambda m: (m.line or 0, m.key))
    more = len(errors) - len(found)
    return (*found, Mistake(key="", message=f"and {more} more")) if more else tuple(found)


def _syntax(exc: tomllib.TOMLDecodeError, text: str) -> Mistake:
    message, _, place = str(exc).partition(" (at line ")
    number = place.split(",")[0]
    line = int(number) if number.isdigit() else text.count("\n") + 1
    return Mistake(key="", message=f"not TOML: {message}", line=line)


_SECRET_KEYS = frozenset(
    "secrets sasl_password url urls token tokens database headers proxy endpoint".split()
)


def _resolved(value: Any, path: tuple[str | int, ...]) -> Any:
    """Return parsed TOML (of any shape) with ``env:`` and ``file:`` secrets replaced by what they point at."""
    if isinstance(value, dict):
        return {key: _resolved(inner, (*path, key)) for key, inner in value.items()}
    if isinstance(value, list):
        return [_resolved(inner, (*path, i)) for i, inner in enumerate(value)]
    keys = {part for part in path[-2:] if isinstance(part, str)}
    if isinstance(value, str) and keys & _SECRET_KEYS:
        return _secret(value, path)
    return value


def _secret(value: str, path: tuple[str | int, ...]) -> str:
    kind, _, name = value.partition(":")
    if kind == "env":
        if name not in os.environ:
            raise _Wrong(path, f"the variable {name} is not set")
        return os.environ[name]
    if kind == "file":
        try:
            return Path(name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as exc:
            told = exc.strerror if isinstance(exc, OSError) else "not UTF-8"
            raise _Wrong(path, f"the secret file {name} cannot be read: {told}") from exc
    return value


_SINKS = frozenset(kind.model_fields["type"].default for kind in KINDS)


def _told(exc: _Wrong, text: str) -> Mistake:
    path, message = exc.args
    return Mistake(key=_dotted(path), message=message, line=line_of(text, path))


def _mistake(error: dict[str, Any], text: str) -> Mistake:
    """Return what pydantic says (its error dict has values of many types) with the line it is about."""
    # pydantic puts the kind of a sink into the path, where the file has none.
    loc = tuple(part for part in error["loc"] if part not in _SINKS or part == error["loc"][-1])
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        message = "unknown key" + _suggestion(loc)
    variable = ENV_PREFIX + "__".join(str(p).upper() for p in loc)
    line = line_of(text, loc)
    if line is None and variable in os.environ:
        message += f" (from the environment: {variable})"
    return Mistake(key=_dotted(loc), message=message, line=line)


def _dotted(loc: tuple[str | int, ...]) -> str:
    return ".".join(f"[{p}]" if isinstance(p, int) else p for p in loc).replace(".[", "[")


def _suggestion(loc: tuple[str | int, ...]) -> str:
    near = get_close_matches(str(loc[-1]), _keys_beside(loc), n=1)
    return f", did you mean {near[0]!r}?" if near else ""


@cache
def _schema() -> dict[str, Any]:
    """Return the schema of the whole configuration (JSON: values of many types)."""
    return Config.model_json_schema()


def _keys_beside(loc: tuple[str | int, ...]) -> list[str]:
    node: Any = _schema()
    defs = node.get("$defs", {})
    found = {name for d in (node, *defs.values()) for name in d.get("properties", {})}
    for part in loc[:-1]:
        if isinstance(part, int):
            continue
        inner = node.get("properties", {}).get(part, {})
        ref = inner.get("$ref") or inner.get("items", {}).get("$ref")
        if not ref:
            return sorted(found)
        node = defs[ref.rsplit("/", 1)[-1]]
    return sorted(node.get("properties", {})) or sorted(found)
