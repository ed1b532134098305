"""Serve the sample articles as an RSS feed on loopback, each from the second at which it is due."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from importlib import resources
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def slug(source: str) -> str:
    """Return an outlet's name as it stands in the address of its feed."""
    return source.lower().replace(" ", "-")


def outlets() -> dict[str, str]:
    """Return the sample outlets: the path of each one's feed, and its name."""
    return {f"/{slug(name)}.xml": name for name in sorted({s.source for s in samples()})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One sample article, due ``after_s`` seconds from the start of the demo."""

    id: str
    after_s: float
    source: str
    title: str
    text: str


def samples() -> tuple[Sample, ...]:
    """Return the sample articles that come with the package, in order of appearance."""
    text = (resources.files("monitor.demo") / "articles.toml").read_text(encoding="utf-8")
    read = [Sample(**entry) for entry in tomllib.loads(text)["articles"]]
    return tuple(sorted(read, key=lambda s: s.after_s))


def rss(articles: Iterable[Sample], started: datetime, now: datetime) -> str:
    """Return a feed of the articles as it stands at ``now``."""
    due = [s for s in articles if started + timedelta(seconds=s.after_s) <= now]
    items = "".join(_item(s, started) for s in reversed(due))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>Demo</title>'
        "<link>https://demo.example/</link><description>Sample articles</description>"
        f"<language>en</language>{items}</channel></rss>"
    )


def _item(sample: Sample, started: datetime) -> str:
    at = started + timedelta(seconds=sample.after_s)
    words = {"today": f"{at:%A}", "yesterday": f"{at - timedelta(days=1):%A}"}
    paragraphs = sample.text.format(**words).strip().split("\n\n")
    html = "".join(f"<p>{escape(p)}</p>" for p in paragraphs)
    link = f"https://{slug(sample.source)}.example/{at:%Y%m%d%H%M%S}/{sample.id}"
    return (
        f"<item><title>{escape(sample.title)}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{link}</guid><pubDate>{format_datetime(at)}</pubDate>'
        f"<description>{escape(html)}</description></item>"
    )


def make_app(clock: Callable[[], datetime]) -> Starlette:
    """Return the feed as a web application; unchanged it answers 304 to a conditional request.

    There is one feed for each outlet. The first request starts them, so that the articles come one after another however long the start took.
    """
    articles, by_path = samples(), outlets()
    begun: list[datetime] = []

    async def feed(request: Request) -> Response:
        if not begun:
            begun.append(clock())
        name = by_path[request.url.path]
        body = rss((a for a in articles if a.source == name), begun[0], clock()).encode()
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        return Response(body, media_type="application/rss+xml", headers={"etag": etag})

    return Starlette(routes=[Route(path, feed) for path in by_path])
