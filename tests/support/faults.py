"""Faults that a process of the tests is started with, by name. The monitor itself knows nothing of them."""

import asyncio
import functools
import os
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
from quick_extract import ApartPool

from agents import deliveries, extract, extraction, ledger, wire
from agents.extract import Extracting
from monitor.children import ChildPool
from monitor.dedupe import rows, words
from monitor.incidents import places, profile, wording
from schemas import cards, codec


def _every_message_twice(_given):
    """What is sent on is sent once more; rows of books are not, since their offsets tell who wrote them."""
    send = wire.Sender.send

    async def twice(self, messages):
        offsets = await send(self, messages)
        await send(self, [m for m in messages if m.partition is None])
        return offsets

    wire.Sender.send = twice


def _idle(given):
    """As long as a file is there, the worker takes articles, stays connected, and does nothing."""
    batch = Extracting.batch

    async def idle(self, messages):
        if os.path.exists(given["idle_file"]):  # noqa: PTH110, ASYNC240 - blocks nobody else
            await asyncio.Event().wait()
        await batch(self, messages)

    Extracting.batch = idle


def _newer(_given):
    """A later version of ours: each record has a field more, and there is a topic more."""
    encode, all_topics = codec.encode, cards.all_topics

    def with_a_field_more(record):
        data = msgspec.json.decode(encode(record))
        data["data"]["added_later"] = "by a newer version"
        return msgspec.json.encode(data)

    @functools.cache
    def with_a_topic_more():
        topics = all_topics()
        return topics | {"added.rows": replace(topics["track.rows"], name="added.rows")}

    codec.encode = with_a_field_more
    _replace(all_topics, with_a_topic_more)


def _slow(_given):
    """One child that needs a twentieth of a second for an article, as extraction does on a slow machine."""
    run, one = ApartPool.run, asyncio.Lock()

    async def slow(self, raw):
        async with one:
            await asyncio.sleep(0.05)
            return await run(self, raw)

    ApartPool.run = slow


def _dated(_given):
    """A poller whose clock is that of its articles: their days may pass in seconds."""
    from agents import poll  # noqa: PLC0415 - a worker has no poller

    article_of = poll.article_of

    def dated(sighting):
        article = article_of(sighting)
        return msgspec.structs.replace(article, fetched_at=article.published)

    poll.article_of = dated


def _small(_given):
    """What is bounded by counts is bounded by small ones, so that it is full within minutes and not within days."""
    ledger.SLOTS = ledger.MAX_SEEN = 256
    deliveries.KEPT_ENDED = deliveries.KEPT_TOLD = 200
    rows._BLOCK, words.MAX_WORDS = 1024, 8192
    for module, name in ((profile, "profile_of"), (wording, "fold"), (places, "relate")):
        _replace(getattr(module, name), functools.lru_cache(256)(getattr(module, name).__wrapped__))


def _replace(old, new):
    """Put one function in the place of another, in all modules that have it."""
    for module in list(sys.modules.values()):
        if getattr(module, old.__name__, None) is old:
            setattr(module, old.__name__, new)


def _poisonous(_given):
    """Extraction that raises, hangs, eats memory or dies on articles whose titles say so."""
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    )

    def make_pool(settings):
        pool = extraction.make_pool(settings)
        return ChildPool(
            target="faults:read_article",
            initialiser=pool.initialiser,
            size=pool.size,
            deadline_s=pool.deadline_s,
            memory_bytes=pool.memory_bytes,
            environ=pool.environ,
        )

    extract.make_pool = make_pool


def read_article(raw):
    """In a child: what extraction does, and what a bug in it could do."""
    if b"Extraction raises" in raw:
        raise ValueError(raw[:40])
    while b"Extraction hangs" in raw:
        pass
    if b"Extraction eats memory" in raw:
        return b"".join(bytearray(1 << 20) for _ in range(1 << 20))
    if b"Extraction dies" in raw:
        os.abort()
    return extraction.read_article(raw)


BY_NAME = {
    "twice": _every_message_twice,
    "idle": _idle,
    "newer": _newer,
    "slow": _slow,
    "dated": _dated,
    "small": _small,
    "poisonous": _poisonous,
}
