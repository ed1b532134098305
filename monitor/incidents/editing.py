"""What an editor's correction makes of the rows of incidents, and the deltas that tell of it.

The claims of an incident that an editor has touched are pinned to it: they stay where the editor saw them, whatever
arrives late, and linking neither merges the incident nor takes it apart. New reports join it as before.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from monitor.incidents.book import IncidentBook
from monitor.incidents.claims import order_of
from monitor.incidents.corrections import Find, refusal
from monitor.incidents.deltas import Change, deltas_of, edited
from monitor.incidents.ids import incident_id
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.retention import keep_claims, keep_last
from monitor.stage import Step
from schemas.correction import Correction
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.reasons import CorrectionAct, LinkReason
from schemas.state import Absorbed, Claim, IncidentRow, TrackRow


def correct(
    book: IncidentBook, mention: Mention, correction: Correction, policy: TrackPolicy
) -> Step[TrackRow, Delta]:
    """Return the rows and deltas of a correction; one that is refused changes nothing and says why."""
    find = _finding(book)
    why = refusal(correction, find)
    if why is not None:
        return Step(reasons=(why,))
    row = find(correction.incident_id)
    assert row is not None
    made = _made(row, correction, find, policy)
    changes = [_applied(change, mention, policy) for change in made]
    gone = [row for change in changes for row in change.merged]
    rows: list[tuple[str, TrackRow | None]] = [(row.incident_id, None) for row in gone]
    rows += [(change.after.incident_id, change.after) for change in changes]
    deltas = [delta for change in changes for delta in deltas_of(mention, change)]
    if correction.act not in (CorrectionAct.MERGE, CorrectionAct.SPLIT):
        deltas += edited(mention, changes[0], correction)
    return Step(rows=tuple(rows), outputs=tuple(deltas), reasons=(LinkReason.EDITOR,))


def _finding(book: IncidentBook) -> Find:
    def find(key: str) -> IncidentRow | None:
        row = book.get(key)
        return row if isinstance(row, IncidentRow) else None

    return find


def _made(
    row: IncidentRow, correction: Correction, find: Find, policy: TrackPolicy
) -> tuple[Change, ...]:
    if correction.act is CorrectionAct.MERGE:
        other = find(correction.other_id or "")
        assert other is not None
        return (_merged(row, other, policy),)
    if correction.act is CorrectionAct.SPLIT:
        return _split(row, correction)
    return (Change(before=row, after=replace(row, edits=_edits(row, correction))),)


def _edits(row: IncidentRow, correction: Correction) -> tuple[Correction, ...]:
    """Return the corrections in force after one more: of each act, and measure, the latest."""
    act = correction.lifts or correction.act
    kept = tuple(e for e in row.edits if (e.act, e.measure) != (act, correction.measure))
    return kept if correction.act is CorrectionAct.LIFT else (*kept, correction)


def _merged(row: IncidentRow, other: IncidentRow, policy: TrackPolicy) -> Change:
    claims = keep_claims(sorted((*row.claims, *other.claims), key=order_of), policy.max_claims)
    latest = max((claim.at for claim in claims if claim.at), default=None)
    absorbed = Absorbed(incident_id=other.incident_id, article_id=other.made_by)
    voices = {(s.principal, s.stance, s.official) for s in row.statements}
    spoken = [s for s in other.statements if (s.principal, s.stance, s.official) not in voices]
    here = {(e.act, e.measure) for e in row.edits}
    after = replace(
        row,
        claims=claims,
        seen_at=max((at for at in (row.seen_at, other.seen_at) if at), default=None),
        merged_at=latest,
        statements=keep_last((*row.statements, *spoken), policy.max_statements),
        absorbed=keep_last((*row.absorbed, *other.absorbed, absorbed), policy.max_applied),
        edits=(*row.edits, *(e for e in other.edits if (e.act, e.measure) not in here)),
        applied=tuple(dict.fromkeys((*other.applied, *row.applied))),
    )
    return Change(before=row, after=after, merged=(other,))


def _split(row: IncidentRow, correction: Correction) -> tuple[Change, ...]:
    """Return the incident without the reports that leave, and the one that they make."""
    leaving = [c for c in row.claims if c.article_id in correction.articles]
    staying = [c for c in row.claims if c.article_id not in correction.articles]
    away = frozenset(correction.articles)
    made_by = _maker(row, staying)
    here = replace(
        row,
        claims=tuple(staying),
        made_by=made_by[0],
        made_ordinal=made_by[1],
        statements=tuple(s for s in row.statements if s.article_id not in away),
    )
    there = IncidentRow(
        incident_id=incident_id(correction.correction_id, 0),
        subject=row.subject,
        made_by=leaving[0].article_id,
        made_ordinal=leaving[0].ordinal,
        made_at=leaving[0].at,
        seen_at=row.seen_at,
        claims=tuple(leaving),
        statements=tuple(s for s in row.statements if s.article_id in away),
    )
    return (Change(before=row, after=here), Change(before=None, after=there, split=True))


def _maker(row: IncidentRow, staying: Iterable[Claim]) -> tuple[str, int]:
    """Return the claim that made the incident known: the first that stays where that one leaves."""
    keys = [(claim.article_id, claim.ordinal) for claim in staying]
    made = (row.made_by, row.made_ordinal)
    return made if made in keys else keys[0]


def _applied(change: Change, mention: Mention, policy: TrackPolicy) -> Change:
    """Return the change with its claims pinned and the correction remembered."""
    row = change.after
    after = replace(
        row,
        claims=tuple(replace(claim, pin=row.incident_id) for claim in row.claims),
        applied=keep_last((*row.applied, mention.mention_id), policy.max_applied),
    )
    return Change(
        before=change.before,
        after=after,
        merged=change.merged,
        link=LinkReason.EDITOR,
        split=change.split,
    )
