"""Reads articles in child processes: what runs inside a child, and the pool of them.

Extraction is the work of a processor core and reads hostile text, so it is never on the event loop. A
child that hangs, dies or eats memory costs its own article and nothing else.
"""

from __future__ import annotations

import json
import os
from datetime import timedelta
from functools import cache

from agents.settings import ExtractSettings
from monitor.children import ChildPool
from monitor.extract import Extractor, Policy
from monitor.extract.text import nlp
from schemas import codec
from schemas.article import Article
from schemas.base import ArticleId

_NOVELTY_S = "NEWS_MONITOR_EXTRACT_NOVELTY_S"
"""The variable by which a child learns the one setting that it needs."""


_FIRST = Article(
    article_id=ArticleId("first"),
    source="",
    title="Blast in Basra",
    text="The minister condemned the attack that killed two people in Basra on Tuesday.",
)
"""Any text that every reader has something to do with."""


@cache
def _extractor() -> Extractor:
    window = timedelta(seconds=float(os.environ[_NOVELTY_S]))
    return Extractor.load(Policy(novelty_window=window))


def load() -> None:
    """Load the pipeline, and with a first reading the lexicons and gazetteers, before the first article comes."""
    _extractor().read(_FIRST)


def read_article(raw: bytes) -> bytes:
    """Return the report of an article, both as messages."""
    return codec.encode(_extractor().read(codec.decode(raw, Article)))


def model_version() -> str:
    """Return the version of the language model in the package."""
    meta = json.loads((nlp.MODEL_DIR / "meta.json").read_text(encoding="utf-8"))
    return str(meta["version"])


def make_pool(settings: ExtractSettings) -> ChildPool:
    """Return the pool of children, not yet started."""
    return ChildPool(
        target=f"{__name__}:{read_article.__name__}",
        initialiser=f"{__name__}:{load.__name__}",
        size=settings.workers,
        deadline_s=settings.deadline_s,
        memory_bytes=settings.memory_bytes,
        environ={_NOVELTY_S: str(settings.novelty_window.total_seconds())},
    )
