"""The heartbeat: an article of our own that goes the whole way of an article and tells nobody anything.

It is a real record of each topic on the way, under a key that no feed can have, taken by the same consumers and
read by the same child processes, so that what stands still anywhere between the poller and the alert stage holds it
up too. No stage judges it: what the functions here return goes past the books, so nothing is remembered of it, no
incident comes of it, and what the stages make of articles is the same with and without it. It ends at the alert
stage.

| topic | record |
| --- | --- |
| ``articles.raw`` | ``article``, its lane is ``heartbeat`` |
| ``articles.unique`` | what ``unique`` makes of it |
| ``incident.mentions`` | ``mentions``: one for each partition, so that all of them are seen to move |
| ``incident.deltas`` | what ``delta`` makes of each |
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.stage import Step
from schemas.article import Article, ArticleRef, UniqueArticle
from schemas.base import ArticleId, ClusterId, Subject
from schemas.delta import Delta
from schemas.fingerprint import Fingerprint
from schemas.mention import Mention
from schemas.reasons import DedupeReason, DeltaReason, Outcome
from schemas.state import TrackRow

NAME = "heartbeat"
"""Lane of the article, reason of each step, measure of the delta."""

PREFIX = "heartbeat:"
"""What keys, subjects and ids of heartbeats begin with. Ids of articles are hex digits; subjects have kinds of their own."""

TEXT = "This article is the monitor's own. It tells that what comes in goes through."


def article(now: datetime, sender: str) -> Article:
    """Return the heartbeat of a time; ``sender`` tells pollers apart."""
    return Article(
        article_id=ArticleId(f"{PREFIX}{sender}:{int(now.timestamp() * 1000)}"),
        source=NAME,
        title="Heartbeat",
        text=TEXT,
        language="en",
        published=now,
        fetched_at=now,
        lane=NAME,
    )


def is_heartbeat(given: Article) -> bool:
    """Tell whether an article is a heartbeat."""
    return given.lane == NAME


def is_key(key: bytes | None) -> bool:
    """Tell whether a record of any topic is a heartbeat, by its key."""
    return (key or b"").startswith(PREFIX.encode())


def unique(given: Article) -> Step[Fingerprint, UniqueArticle] | None:
    """Return the step of dedupe on a heartbeat, ``None`` where the article is none."""
    if not is_heartbeat(given):
        return None
    made = UniqueArticle(
        article=given,
        outcome=Outcome.NEW,
        reason=DedupeReason.FIRST_SEEN,
        cluster_id=ClusterId(given.article_id),
        origin=given.source,
    )
    return Step(outputs=(made,), reasons=(NAME,))


def mentions(given: UniqueArticle, subjects: Sequence[Subject]) -> tuple[Mention, ...]:
    """Return the mentions of a heartbeat, one for each subject; they say nothing."""
    about = given.article
    ref = ArticleRef(
        article_id=about.article_id,
        source=about.source,
        origin=given.origin,
        title=about.title,
        published=about.published,
        fetched_at=about.fetched_at,
        language=about.language,
    )
    return tuple(
        Mention(mention_id=f"{about.article_id}/{subject}", subject=subject, article=ref)
        for subject in subjects
    )


def delta(given: Mention) -> Step[TrackRow, Delta] | None:
    """Return the step of track on a heartbeat, ``None`` where the mention is of something else."""
    if not given.subject.startswith(PREFIX):
        return None
    made = Delta(
        delta_id=given.mention_id,
        subject=given.subject,
        article_id=given.article.article_id,
        measure=NAME,
        reason=DeltaReason.CONFIRMED,
        source=NAME,
        article=given.article,
    )
    return Step(outputs=(made,), reasons=(NAME,))


def sent_at(given: Delta) -> datetime | None:
    """Return when a heartbeat that arrives was sent, ``None`` where the delta is of something else."""
    if given.measure != NAME or given.article is None:
        return None
    return given.article.fetched_at


def partition(given: Delta) -> str:
    """Return the partition that a heartbeat's subject was made for, as a label."""
    return given.subject.removeprefix(PREFIX).partition(":")[0]
