"""The table ``[board]`` of the configuration: where the board listens, what it keeps, who may do what."""

from __future__ import annotations

import ipaddress

from pydantic import Field, SecretStr, field_validator, model_validator

from monitor.table import Table

_MIN_TOKEN = 16
"""Characters of a token at least: a guess a second would take longer than the world has."""


class Editor(Table):
    """Somebody who may correct incidents, and the token by which the board knows them."""

    name: str = Field(min_length=1, max_length=120)
    token: SecretStr = Field(min_length=_MIN_TOKEN)


class Tiles(Table):
    """A server of map tiles (Web Mercator, 256 pixels) that readers' browsers ask; it learns what they look at."""

    url: str = Field(
        pattern=r"^https?://[A-Za-z0-9.:-]+/[^\s;,'\"<>]*$",
        max_length=300,
        description="With {z}, {x} and {y}, e.g. https://tile.openstreetmap.org/{z}/{x}/{y}.png.",
    )
    attribution: str = Field(
        min_length=1, max_length=200, description="What its licence wants to be told on the map."
    )
    attribution_url: str | None = Field(default=None, pattern=r"^https?://\S+$")
    max_zoom: int = Field(default=19, ge=1, le=22)

    @field_validator("url")
    @classmethod
    def _has_its_places(cls, value: str) -> str:
        if not all(value.count(place) == 1 for place in ("{z}", "{x}", "{y}")):
            msg = "the address has {z}, {x} and {y}, each once"
            raise ValueError(msg)
        return value

    @property
    def origin(self) -> str:
        """Return the origin that pages must be allowed to load pictures from."""
        return "/".join(self.url.split("/")[:3])


class BoardSection(Table):
    """The board. On loopback everybody who reaches it may read; only editors may correct."""

    enabled: bool = Field(default=True, description="Whether `up` runs it.")
    bind: str = "127.0.0.1"
    port: int = Field(default=8640, ge=0, le=65535, description="0: any free port.")
    database: SecretStr | None = Field(
        default=None,
        description="postgresql+pg8000://user:password@host/name; none: SQLite beside the rest of the state.",
    )
    public_url: str | None = Field(
        default=None,
        pattern=r"^https?://[^/?#]+$",
        description="Address under which people reach it; stands in feeds and CAP messages.",
    )
    hosts: tuple[str, ...] = Field(
        default=(),
        description="Names in `Host` that are answered, besides loopback's and public_url's.",
    )
    tokens: tuple[SecretStr, ...] = Field(
        default=(), max_length=100, description="Who must read with a token; none: all may read."
    )
    editors: tuple[Editor, ...] = Field(default=(), max_length=100)
    identity_header: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9-]{1,64}$",
        description="Header in which a reverse proxy names who is signed in, e.g. X-Forwarded-User.",
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="Networks (CIDR) of proxies whose identity_header is believed."
    )
    proxy_editors: tuple[str, ...] = Field(
        default=(), description="Names from identity_header that may correct."
    )
    embed: tuple[str, ...] = Field(
        default=(),
        description="Origins whose pages may show the board in a frame, e.g. https://desk.example.",
    )
    keep_days: int | None = Field(
        default=None,
        ge=1,
        le=36_500,
        description="For how long incidents stay after their last change, and alerts, statements and counts; none: for good.",
    )
    tiles: Tiles | None = Field(
        default=None, description="Map tiles under the marks; none: the outlines that come along."
    )
    requests_per_minute: int = Field(
        default=600, ge=10, le=1_000_000, description="For one address."
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ipaddress.ip_network(network)
        return value

    @field_validator("embed")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            scheme, _, host = origin.partition("://")
            if scheme not in ("http", "https") or not host or set(host) & set(" /;,'\"?#"):
                msg = "an origin is a scheme and a host, e.g. https://desk.example"
                raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _proxies_are_named(self) -> BoardSection:
        if self.identity_header and not self.trusted_proxies:
            msg = "identity_header needs trusted_proxies: anybody could send that header"
            raise ValueError(msg)
        names = [editor.name for editor in self.editors]
        if len(set(names)) < len(names):
            msg = "two editors have one name"
            raise ValueError(msg)
        return self
