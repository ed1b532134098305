"""The changes between what was known of an incident and what is known now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.incidents.figures import value_of
from monitor.incidents.ids import delta_id
from monitor.incidents.snapshot import MEASURES, snapshot_of
from monitor.incidents.wording import fold
from schemas.base import IncidentId
from schemas.correction import Correction
from schemas.delta import Delta, IncidentSnapshot
from schemas.mention import Mention
from schemas.reasons import CorrectionAct, DeltaReason, LinkReason
from schemas.report import Count, Evidence, Statement
from schemas.state import Claim, ClassRow, IncidentRow

CONFIRMING = 5
"""Independent sources up to which another one is told: no policy asks for more."""

_FILLED = ("date", "place", "perpetrators", "targets", "weapon")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One incident before and after a mention. ``claim`` is the mention's own claim of it, if it has one."""

    before: IncidentRow | None
    after: IncidentRow
    merged: tuple[IncidentRow, ...] = ()
    claim: Claim | None = None
    link: LinkReason | None = None
    split: bool = False
    statements: tuple[Statement, ...] = ()


def deltas_of(mention: Mention, change: Change) -> Iterator[Delta]:
    """Yield the deltas of one incident: merges, creation, figures, claims, what was filled in, statements."""
    now = snapshot_of(change.after)
    for row in change.merged:
        yield _delta(mention, change, now, DeltaReason.MERGED, merged_from=row.incident_id)
    if change.before is None:
        reason = DeltaReason.SPLIT if change.split else DeltaReason.CREATED
        yield _delta(mention, change, now, reason)
    else:
        yield from _changes(mention, change, snapshot_of(change.before), now)
    for statement in change.statements:
        yield _statement(mention, change, now, statement)


def edited(mention: Mention, change: Change, correction: Correction) -> Iterator[Delta]:
    """Yield what an editor's correction changes besides figures: dismissed, background, or neither any more."""
    act = correction.lifts or correction.act
    if act is not CorrectionAct.FIGURE:
        now = snapshot_of(change.after)
        yield _delta(mention, change, now, DeltaReason.EDITOR, measure=_MARKS[act])


_MARKS = {CorrectionAct.DISMISS: "dismissed", CorrectionAct.BACKGROUND: "background"}


def classify(before: Count | None, after: Count | None) -> DeltaReason | None:
    """Return what happened to a figure, ``None`` where nothing did that anybody need know."""
    was, is_now = value_of(before), value_of(after)
    if is_now is None or before == after:
        return None
    if was is None:
        return DeltaReason.FIRST_FIGURE
    if is_now != was:
        return DeltaReason.RAISED if is_now > was else DeltaReason.LOWERED
    assert before is not None
    assert after is not None
    return DeltaReason.DISPUTED if _widens(before, after) else None


def _widens(before: Count, after: Count) -> bool:
    lower = before.low is not None and after.low is not None and after.low < before.low
    higher = after.high is not None and before.high is not None and after.high > before.high
    return lower or higher


def _changes(
    mention: Mention, change: Change, was: IncidentSnapshot, now: IncidentSnapshot
) -> Iterator[Delta]:
    by_editor = change.link is LinkReason.EDITOR and not change.merged
    if was.background and not now.background and not by_editor:
        yield _delta(mention, change, now, DeltaReason.FILLED_IN)
    for measure in MEASURES:
        before, after = getattr(was, measure), getattr(now, measure)
        reason = classify(before, after)
        if by_editor and before != after:
            reason = DeltaReason.EDITOR
        if reason is not None:
            yield _delta(mention, change, now, reason, measure=measure, before=before, after=after)
    if _names(now.claimed_by) - _names(was.claimed_by):
        yield _delta(mention, change, now, DeltaReason.CLAIMED, measure="claimed_by")
    for field in _FILLED:
        if not getattr(was, field) and getattr(now, field):
            yield _delta(mention, change, now, DeltaReason.FILLED_IN, measure=field)
    if was.independent_sources < now.independent_sources <= CONFIRMING:
        yield _delta(mention, change, now, DeltaReason.CONFIRMED, measure="sources")


def _names(actors: Iterable[object]) -> set[str]:
    return {fold(str(getattr(actor, "name", ""))) for actor in actors}


def _delta(
    mention: Mention,
    change: Change,
    now: IncidentSnapshot,
    reason: DeltaReason,
    *,
    measure: str = "incident",
    before: Count | None = None,
    after: Count | None = None,
    merged_from: IncidentId | None = None,
) -> Delta:
    about = change.after.incident_id
    detail = f"{reason}:{value_of(after)}:{merged_from or ''}"
    claim = change.claim
    return Delta(
        delta_id=delta_id(mention.mention_id, about, measure, detail),
        subject=mention.subject,
        article_id=mention.article.article_id,
        measure=measure,
        reason=reason,
        incident_id=about,
        before=before,
        after=after,
        source=mention.article.source,
        evidence=_evidence(claim, measure),
        quote=claim.quote if claim else mention.article.title if mention.correction else "",
        link=change.link,
        article=mention.article,
        incident=now,
        merged_from=merged_from,
    )


def _evidence(claim: Claim | None, measure: str) -> tuple[Evidence, ...]:
    """Return the spans of the measure; of a new incident, all of its spans."""
    if claim is None:
        return ()
    return tuple(e for e in claim.evidence if measure in (e.fact, "incident"))


def _statement(
    mention: Mention, change: Change, now: IncidentSnapshot, statement: Statement
) -> Delta:
    about = change.after.incident_id
    detail = f"{statement.speaker.principal or statement.speaker.name}:{statement.stance}"
    return Delta(
        delta_id=delta_id(mention.mention_id, about, "statement", detail),
        subject=mention.subject,
        article_id=mention.article.article_id,
        measure="statement",
        reason=DeltaReason.STATEMENT,
        incident_id=about,
        source=mention.article.source,
        evidence=statement.evidence,
        quote=statement.quote,
        link=change.link,
        article=mention.article,
        incident=now,
        statement=statement,
    )


def closing(row: IncidentRow | ClassRow) -> Delta:
    """Return the last record of what leaves the hot table: of an incident, what was known of it.

    It is the same whichever article has the row leave, so that a replay, whose book is one, gives what workers give.
    Words about a class of attacks may come, leave and come again, so theirs is named for the last of them.
    """
    if isinstance(row, IncidentRow):
        return Delta(
            delta_id=delta_id(row.incident_id, row.incident_id, "incident", DeltaReason.CLOSED),
            subject=row.subject,
            article_id=row.claims[-1].article_id,
            measure="incident",
            reason=DeltaReason.CLOSED,
            incident_id=row.incident_id,
            source=row.claims[-1].source,
            incident=snapshot_of(row),
        )
    return Delta(
        delta_id=delta_id(row.applied[-1], row.subject, "statement", DeltaReason.CLOSED),
        subject=row.subject,
        article_id=next((said.article_id for said in reversed(row.stated)), ""),
        measure="statement",
        reason=DeltaReason.CLOSED,
    )
