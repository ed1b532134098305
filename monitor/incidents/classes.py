"""Words about a class of attacks ("these attacks on missions"), which has no incident.

A principal's repeat of the same within a week is known (ARCHITECTURE.md, "Words"): it makes no delta.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from monitor.incidents.book import IncidentBook
from monitor.incidents.claims import time_of
from monitor.incidents.ids import delta_id
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.retention import keep_last
from monitor.incidents.stances import group
from monitor.incidents.wording import content_words
from monitor.stage import Step
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.reasons import DeltaReason, LinkReason
from schemas.report import Statement
from schemas.state import ClassRow, ClassStated, TrackRow

ALIKE = 0.5
"""Share of the shorter wording's words that two wordings of one class have in common."""


def track_class(book: IncidentBook, mention: Mention, policy: TrackPolicy) -> Step[TrackRow, Delta]:
    """Return the row of a principal's words about classes of attacks, and a delta for each new one."""
    row = book.get(mention.subject)
    known = list(row.stated) if isinstance(row, ClassRow) else []
    deltas: list[Delta] = []
    reasons: list[LinkReason] = []
    for statement in mention.statements:
        said = _stated(statement, mention)
        if any(is_repeat(said, earlier, policy) for earlier in known):
            reasons.append(LinkReason.SAME_CLASS)
            continue
        known.append(said)
        reasons.append(LinkReason.NEW_CLASS)
        deltas.append(_delta(statement, mention))
    after = _row(row if isinstance(row, ClassRow) else None, known, mention, policy)
    return Step(rows=((mention.subject, after),), outputs=tuple(deltas), reasons=tuple(reasons))


def is_repeat(said: ClassStated, earlier: ClassStated, policy: TrackPolicy) -> bool:
    """Return whether the words repeat what the same principal said of the same class within the window."""
    if said.official != earlier.official or group(said.stance) != group(earlier.stance):
        return False
    if said.at and earlier.at and abs(said.at - earlier.at) > policy.class_window:
        return False
    return same_class(said.words, earlier.words)


def same_class(a: Iterable[str], b: Iterable[str]) -> bool:
    """Return whether two wordings mean one class of attacks; "these attacks" may mean any."""
    mine, theirs = set(a), set(b)
    if not mine or not theirs:
        return True
    return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))


def _stated(statement: Statement, mention: Mention) -> ClassStated:
    return ClassStated(
        article_id=mention.article.article_id,
        stance=statement.stance,
        official=statement.official,
        words=content_words(statement.target.text),
        at=time_of(mention.article),
    )


def _row(
    before: ClassRow | None, stated: list[ClassStated], mention: Mention, policy: TrackPolicy
) -> ClassRow:
    arrived = time_of(mention.article)
    times: list[datetime] = [t for t in (before.seen_at if before else None, arrived) if t]
    return ClassRow(
        subject=mention.subject,
        stated=keep_last(stated, policy.max_statements),
        applied=keep_last(
            (*(before.applied if before else ()), mention.mention_id), policy.max_applied
        ),
        seen_at=max(times, default=None),
    )


def _delta(statement: Statement, mention: Mention) -> Delta:
    detail = f"{statement.stance}:{statement.target.text}"
    return Delta(
        delta_id=delta_id(mention.mention_id, mention.subject, "statement", detail),
        subject=mention.subject,
        article_id=mention.article.article_id,
        measure="statement",
        reason=DeltaReason.STATEMENT,
        source=mention.article.source,
        evidence=statement.evidence,
        quote=statement.quote,
        link=LinkReason.NEW_CLASS,
        article=mention.article,
        statement=statement,
    )
