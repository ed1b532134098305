"""Editors' corrections: from what is wished to a record, and why one changes nothing.

Whoever takes a wish (the command ``news-monitor correct``, the board) finds the incident's row, calls ``correction_of``
and sends the record to the topic ``incident.corrections``. There it stays for good; the track stage gets it as a
mention (``mention_of``) under the incident's own key and applies it in ``monitor.incidents.editing``. By then
the incident may have changed, so ``refusal`` is asked a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from monitor.incidents.ids import digest, mention_id
from monitor.incidents.snapshot import MEASURES
from schemas.article import ArticleRef
from schemas.base import ArticleId, IncidentId
from schemas.correction import EDITOR, Correction
from schemas.mention import Mention
from schemas.reasons import CorrectionAct, CorrectionRefusal
from schemas.report import Count
from schemas.state import IncidentRow

Find = Callable[[str], IncidentRow | None]
"""Finds an incident that is known now by its id."""

MAX_NOTE = 1000
"""Characters of a note: it travels with each delta of the correction."""

MAX_BY = 120
"""Characters of an editor's name."""

MAX_ARTICLES = 64
"""Reports named in a split: as many as an incident keeps claims."""

MAX_COUNT = 10_000_000
"""People killed or injured in one incident at most: a slip of the hand is caught here."""

IN_FORCE = frozenset({CorrectionAct.FIGURE, CorrectionAct.DISMISS, CorrectionAct.BACKGROUND})
"""Acts that hold until they are lifted; the others are done once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an editor asks for; ``schemas.correction.Correction`` tells what each act takes."""

    act: CorrectionAct
    incident_id: str
    by: str
    note: str = ""
    other_id: str | None = None
    articles: tuple[str, ...] = ()
    measure: str | None = None
    count: Count | None = None
    lifts: CorrectionAct | None = None


def correction_of(wish: Wish, find: Find, at: datetime) -> Correction | CorrectionRefusal:
    """Return the record of a wish, or why it would change nothing.

    Args:
        wish: What is asked for, as it came from a person.
        find: Finds the incidents that are known now, of all countries.
        at: When the editor decided, aware UTC.
    """
    row = find(wish.incident_id)
    if row is None:
        return CorrectionRefusal.INCIDENT_NOT_KNOWN
    said = (wish.other_id, *wish.articles, wish.measure, wish.count, wish.lifts, wish.note)
    detail = "\x1e".join(str(part) for part in said)
    made = digest(wish.incident_id, wish.act, wish.by, at.isoformat(), detail)
    correction = Correction(
        correction_id="cor-" + made,
        subject=row.subject,
        incident_id=row.incident_id,
        act=wish.act,
        by=wish.by.strip(),
        at=at,
        note=wish.note.strip(),
        other_id=IncidentId(wish.other_id) if wish.other_id else None,
        articles=tuple(dict.fromkeys(wish.articles)),
        measure=wish.measure,
        count=wish.count,
        lifts=wish.lifts,
    )
    return refusal(correction, find) or correction


def mention_of(correction: Correction) -> Mention:
    """Return the form in which a correction reaches the track stage: its own article, by the source ``editor``."""
    article = ArticleRef(
        article_id=ArticleId(correction.correction_id),
        source=EDITOR,
        origin=EDITOR,
        title=correction.note,
        published=correction.at,
        fetched_at=correction.at,
    )
    return Mention(
        mention_id=mention_id(correction.correction_id, "", correction.subject),
        subject=correction.subject,
        article=article,
        correction=correction,
    )


def refusal(correction: Correction, find: Find) -> CorrectionRefusal | None:
    """Return why a correction changes nothing, ``None`` where it does."""
    if not correction.by:
        return CorrectionRefusal.NO_EDITOR
    if len(correction.note) > MAX_NOTE or len(correction.by) > MAX_BY:
        return CorrectionRefusal.TOO_LONG
    row = find(correction.incident_id)
    if row is None or row.subject != correction.subject:
        return CorrectionRefusal.INCIDENT_NOT_KNOWN
    return _REFUSALS[correction.act](correction, row, find)


def edit_of(row: IncidentRow, act: CorrectionAct, measure: str | None = None) -> Correction | None:
    """Return the correction in force of an act, for a figure that of its measure."""
    return next((e for e in row.edits if e.act is act and e.measure == measure), None)


def _merge(correction: Correction, row: IncidentRow, find: Find) -> CorrectionRefusal | None:
    if correction.other_id == correction.incident_id:
        return CorrectionRefusal.SAME_INCIDENT
    other = find(correction.other_id) if correction.other_id else None
    if other is None:
        return CorrectionRefusal.OTHER_NOT_KNOWN
    if other.subject != row.subject:
        # The two are kept by different workers. Whoever merges dismisses the one with the wrong country.
        return CorrectionRefusal.OTHER_SUBJECT
    dismissed = edit_of(row, CorrectionAct.DISMISS) or edit_of(other, CorrectionAct.DISMISS)
    return CorrectionRefusal.INCIDENT_DISMISSED if dismissed else None


def _split(correction: Correction, row: IncidentRow, _: Find) -> CorrectionRefusal | None:
    known = {claim.article_id for claim in row.claims}
    leaving = set(correction.articles)
    if len(leaving) > MAX_ARTICLES:
        return CorrectionRefusal.TOO_LONG
    if not leaving or not leaving <= known:
        return CorrectionRefusal.NOT_ITS_REPORTS
    return CorrectionRefusal.NOTHING_WOULD_STAY if leaving == known else None


def _figure(correction: Correction, row: IncidentRow, _: Find) -> CorrectionRefusal | None:
    if correction.measure not in MEASURES or not _is_count(correction.count):
        return CorrectionRefusal.NO_FIGURE
    now = edit_of(row, CorrectionAct.FIGURE, correction.measure)
    is_so = now is not None and now.count == correction.count
    return CorrectionRefusal.ALREADY_SO if is_so else None


def _is_count(count: Count | None) -> bool:
    """Return whether a figure makes sense: bounds in order, and somebody or a known zero."""
    if count is None:
        return True
    given = [n for n in (count.low, count.best, count.high) if n is not None]
    return bool(given) and given == sorted(given) and given[0] >= 0 and given[-1] <= MAX_COUNT


def _mark(correction: Correction, row: IncidentRow, _: Find) -> CorrectionRefusal | None:
    return CorrectionRefusal.ALREADY_SO if edit_of(row, correction.act) else None


def _lift(correction: Correction, row: IncidentRow, _: Find) -> CorrectionRefusal | None:
    if correction.lifts not in IN_FORCE or not edit_of(row, correction.lifts, correction.measure):
        return CorrectionRefusal.NOTHING_TO_LIFT
    return None


_REFUSALS = {
    CorrectionAct.MERGE: _merge,
    CorrectionAct.SPLIT: _split,
    CorrectionAct.FIGURE: _figure,
    CorrectionAct.DISMISS: _mark,
    CorrectionAct.BACKGROUND: _mark,
    CorrectionAct.LIFT: _lift,
}
