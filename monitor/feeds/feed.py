"""A feed as the operator set it up: where it is, who publishes it, how it is to be treated."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from monitor.hidden import split_userinfo

CONTACT = "https://github.com/news-monitor/news-monitor"
"""Where publishers reach those who wrote the monitor, where its operator gives no address."""


class FullText(StrEnum):
    """Whether an entry's page is fetched for its text."""

    OFF = "off"
    ON = "on"
    AUTO = "auto"


class SourceKind(StrEnum):
    """Who speaks in a feed."""

    AGENCY = "agency"
    STATE = "state"
    PARTY = "party"
    LOCAL = "local"
    INTERNATIONAL = "international"
    UN = "un"
    NGO = "ngo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One feed to poll. ``country`` is ISO 3166-1 alpha-2; ``folder`` is its place in an OPML outline.

    ``url`` is what a feed is known and shown by. A user and a password in it are taken out, into ``userinfo``.
    """

    url: str
    name: str = ""
    language: str | None = None
    country: str | None = None
    kind: str | None = None
    interval_s: float | None = None
    full_text: FullText | None = None
    proxy: str | None = field(default=None, repr=False)
    site: str = ""
    folder: tuple[str, ...] = ()
    userinfo: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Take the user and the password out of the address."""
        url, userinfo = split_userinfo(self.url)
        if userinfo:
            object.__setattr__(self, "url", url)
            object.__setattr__(self, "userinfo", userinfo)

    def signed_in(self, url: str) -> str:
        """Return an address with the feed's user and password, where it is of the feed's own origin."""
        scheme, _, rest = url.partition("://")
        if not self.userinfo or urlsplit(url)[:2] != urlsplit(self.url)[:2]:
            return url
        return f"{scheme}://{self.userinfo}@{rest}"

    @property
    def host(self) -> str:
        """The host, in lower case."""
        try:
            return (urlsplit(self.url).hostname or "").lower()
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebsubSettings:
    """Under which public address hubs reach us, where we listen for it, and where our secret is kept."""

    callback: str
    bind: str
    port: int
    key_file: Path
