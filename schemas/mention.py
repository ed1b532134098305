"""Mentions: the part of a report that speaks of one subject, with the article it is from."""

from __future__ import annotations

from schemas.article import ArticleRef
from schemas.base import Record, Subject
from schemas.correction import Correction
from schemas.report import ReportedIncident, Statement, Tally


class Mention(Record, frozen=True, kw_only=True):
    """What one article says of one subject. Topic ``incident.mentions``, keyed by ``subject``.

    Incidents keep the ordinals they have in the whole report, and ``statements[].target.incident``
    refers to those. ``words`` are the proper names and the like in the article, which tell it from others, and
    ``people`` the full names of persons in it.

    An editor's ``correction`` takes the same way, so that what it comes before and after is settled for good; its
    ``article`` is the correction itself, by the source ``editor``.
    """

    mention_id: str
    subject: Subject
    article: ArticleRef
    incidents: tuple[ReportedIncident, ...] = ()
    statements: tuple[Statement, ...] = ()
    tallies: tuple[Tally, ...] = ()
    words: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    correction: Correction | None = None
