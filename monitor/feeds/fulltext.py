"""The text of an entry's page, where the feed gives less than it should: as polite as the polls themselves.

Pages are asked for in the queue of their host, one after the other, after its robots.txt allowed it. Whatever goes
wrong, the entry goes out with the feed's own text.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import structlog

from monitor.articles.text import one_line, plain
from monitor.children import ChildError, ChildPool
from monitor.feeds import rules
from monitor.feeds.answer import Answer, host_key
from monitor.feeds.clock import Clock
from monitor.feeds.feed import FullText
from monitor.feeds.fetch import ACCEPT_PAGE, Fetcher, Request
from monitor.feeds.sighting import Sighting
from monitor.feeds.tasks import Page, PageReason, PageTask, Robots, RobotsTask
from schemas.base import Record
from schemas.reasons import TextOrigin

log = structlog.get_logger(__name__)

AGENT = "news-monitor"
"""Our product token, as robots.txt files name it."""

MAX_PAGES = 12
"""Of one document: at five seconds a page that is a minute, and the news waits no longer for its text."""

MAX_HOSTS = 500
MAX_ROBOTS_BYTES = 512 << 10
ROBOTS_FOR = timedelta(hours=24)
"""RFC 9309, section 2.4."""

ROBOTS_FAILED_FOR = timedelta(hours=1)
LONGEST_DELAY_S = 60.0
"""A host that wants longer pauses between pages wants no pages fetched."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """A host's robots.txt; ``body`` is ``None`` where nothing may be fetched (RFC 9309, section 2.3.1.4)."""

    body: bytes | None
    until: datetime


@dataclass(slots=True, kw_only=True)
class Pages:
    """Fetches the pages of entries."""

    fetcher: Fetcher
    pool: ChildPool
    clock: Clock
    mode: FullText = FullText.AUTO
    _robots: OrderedDict[str, _Known] = field(default_factory=OrderedDict)

    def wanted(self, sighting: Sighting) -> bool:
        """Return whether the entry's page is to be fetched."""
        if sighting.known_at_start or not sighting.entry.link:
            return False
        mode = sighting.feed.full_text or self.mode
        return rules.wants_page(mode, plain(sighting.entry.content))

    async def complete(self, sighting: Sighting) -> Sighting:
        """Return the entry with its page's text, or as it was."""
        page, answer = await self._page(sighting)
        if page is None or answer is None:
            return sighting
        log.debug("page read", url=answer.url, reason=str(page.reason))
        entry = sighting.entry
        if entry.published is None and page.published is not None:
            entry = msgspec.structs.replace(
                entry, published=page.published, published_raw=page.published_raw
            )
        if page.language:
            entry = msgspec.structs.replace(entry, language=page.language)
        known = replace(sighting, entry=entry, reached=answer.url, canonical=page.canonical)
        if page.reason is not PageReason.TEXT:
            # A wall or a front page is another page: what it says of itself is not about the entry.
            return known if page.reason is PageReason.SHORTER else sighting
        return replace(known, text=page.text, text_origin=TextOrigin.PAGE)

    async def _page(self, sighting: Sighting) -> tuple[Page | None, Answer | None]:
        link, proxy = sighting.entry.link, sighting.feed.proxy
        if not await self._allowed(link, proxy):
            return None, None
        answer = await self.fetcher.get(Request(url=link, accept=ACCEPT_PAGE, proxy=proxy))
        if answer.problem is not None:
            log.debug("page failed", url=link, result=str(answer.problem), detail=answer.detail)
            return None, None
        entry = sighting.entry
        task = PageTask(
            body=answer.body,
            url=answer.url,
            asked=link,
            content_type=answer.content_type,
            now=self.clock.now(),
            title=one_line(entry.title),
            known=plain(entry.content),
            claims=tuple(c for c in (entry.language, sighting.language) if c),
        )
        return await self._ask(task, Page), answer

    async def _allowed(self, url: str, proxy: str | None) -> bool:
        known = await self._robots_of(url, proxy)
        if known.body is None:
            return False
        if not known.body:
            return True
        verdict = await self._ask(RobotsTask(body=known.body, url=url, agent=AGENT), Robots)
        if verdict is None or not verdict.allowed or verdict.delay_s > LONGEST_DELAY_S:
            return False
        if verdict.delay_s:
            self.fetcher.hosts.slow(host_key(url), verdict.delay_s)
        return True

    async def _robots_of(self, url: str, proxy: str | None) -> _Known:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        known = self._robots.get(origin)
        if known is None or known.until <= self.clock.now():
            answer = await self.fetcher.get(
                Request(url=f"{origin}/robots.txt", accept="text/plain, */*;q=0.1", proxy=proxy)
            )
            known = self._robots[origin] = self._judged(answer)
            while len(self._robots) > MAX_HOSTS:
                self._robots.popitem(last=False)
        return known

    def _judged(self, answer: Answer) -> _Known:
        now = self.clock.now()
        if answer.problem is None:
            return _Known(body=answer.body[:MAX_ROBOTS_BYTES], until=now + ROBOTS_FOR)
        if rules.no_robots(answer):
            return _Known(body=b"", until=now + ROBOTS_FOR)
        return _Known(body=None, until=now + ROBOTS_FAILED_FOR)

    async def _ask(self, task: PageTask | RobotsTask, kind: type[R]) -> R | None:
        try:
            raw = await self.pool.run(msgspec.msgpack.encode(task))
            return msgspec.json.decode(raw, type=kind)
        except (ChildError, msgspec.DecodeError) as exc:
            log.info("page not read", url=task.url, problem=str(exc)[:200])
            return None
