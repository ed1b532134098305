"""Which incident, tally or class of attacks is each mention about, and what does it change?

``track`` is the stage; what it asks of others: ``settle`` which incident, ``figures`` which figure,
``tally`` which series, ``classes`` which class of attacks, ``editing`` what an editor's correction does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from monitor.incidents import classes, tally
from monitor.incidents.book import IncidentBook
from monitor.incidents.claims import EARLIEST, claims_of, order_of, stated_of, time_of
from monitor.incidents.deltas import Change, closing, deltas_of
from monitor.incidents.editing import correct
from monitor.incidents.neighbourhood import (
    Named,
    is_older_version,
    key_of,
    name_all,
    settle_mention,
)
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.retention import keep_claims, keep_last
from monitor.incidents.stances import group
from monitor.incidents.subjects import principal_of
from monitor.stage import Step
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.reasons import LinkReason, Stance
from schemas.report import Statement
from schemas.state import Absorbed, ClassRow, IncidentRow, Stated, TallyRow, TrackRow


def track(book: IncidentBook, mention: Mention, policy: TrackPolicy) -> Step[TrackRow, Delta]:
    """Return the rows and deltas of a mention; one that was applied before changes nothing."""
    if book.is_applied(mention.mention_id):
        return Step(reasons=(LinkReason.ALREADY_APPLIED,))
    if mention.correction is not None:
        return correct(book, mention, mention.correction, policy)
    step = _decide(book, mention, policy)
    old = _evict(book, mention, policy, (key for key, _ in step.rows))
    return Step(
        rows=step.rows + old.rows,
        outputs=step.outputs + old.outputs,
        reasons=step.reasons + old.reasons,
    )


def _decide(book: IncidentBook, mention: Mention, policy: TrackPolicy) -> Step[TrackRow, Delta]:
    if mention.tallies:
        return tally.track_tallies(book, mention, policy)
    if mention.incidents:
        return _track_incidents(book, mention, policy)
    return classes.track_class(book, mention, policy)


def _track_incidents(
    book: IncidentBook, mention: Mention, policy: TrackPolicy
) -> Step[TrackRow, Delta]:
    claims = claims_of(mention)
    if is_older_version(book, mention.subject, claims[0]):
        return Step(reasons=(LinkReason.OLDER_VERSION,))
    near = settle_mention(book, mention.subject, claims, policy)
    named = name_all(near, mention.article.article_id)
    stated = _stated(near.rows, mention)
    changes = [_change(n, mention, near.settled.reasons, stated, policy) for n in named]
    gone = [row for change in changes for row in change.merged]
    rows: list[tuple[str, TrackRow | None]] = [(row.incident_id, None) for row in gone]
    rows += [(change.after.incident_id, change.after) for change in changes]
    reasons = [near.settled.reasons[key_of(claim)] for claim in claims]
    return Step(
        rows=tuple(rows),
        outputs=tuple(delta for change in changes for delta in deltas_of(mention, change)),
        reasons=(*reasons, *(LinkReason.MERGED for _ in gone)),
    )


def _stated(rows: Iterable[IncidentRow], mention: Mention) -> tuple[Stated, ...]:
    known = {
        (s.article_id, s.ordinal, s.principal, s.stance): s for r in rows for s in r.statements
    }
    new = {(s.article_id, s.ordinal, s.principal, s.stance): s for s in stated_of(mention)}
    return tuple(sorted((known | new).values(), key=_stated_order))


def _stated_order(stated: Stated) -> tuple[object, ...]:
    return (stated.at or EARLIEST, stated.article_id, stated.ordinal, stated.principal)


def _change(
    named: Named,
    mention: Mention,
    reasons: dict[tuple[str, int], LinkReason],
    stated: Iterable[Stated],
    policy: TrackPolicy,
) -> Change:
    before = named.before
    own = [c for c in named.cluster.claims if c.article_id == mention.article.article_id]
    spoken = _statements_of(named, stated)
    heard = {_voice(s) for row in (before, *named.merged) if row for s in row.statements}
    return Change(
        before=before,
        after=_row(named, mention, spoken, policy),
        merged=named.merged,
        claim=own[0] if own else None,
        link=reasons.get(key_of(own[0])) if own else None,
        split=named.split,
        statements=_new_statements(mention, {c.ordinal for c in own}, heard),
    )


def _statements_of(named: Named, stated: Iterable[Stated]) -> tuple[Stated, ...]:
    """Return the first of each principal's stances that came with one of the incident's claims."""
    keys = {key_of(claim) for claim in named.cluster.claims}
    known = set(named.before.statements) if named.before else set()
    found: dict[tuple[str, str, bool], Stated] = {}
    for one in stated:
        if (one.article_id, one.ordinal) in keys or one in known:
            found.setdefault(_voice(one), one)
    return tuple(found.values())


def _voice(stated: Stated) -> tuple[str, str, bool]:
    return _voice_of(stated.principal, stated.stance, stated.official)


def _voice_of(principal: str, stance: Stance, official: bool) -> tuple[str, str, bool]:
    return (principal, group(stance), official)


def _new_statements(
    mention: Mention, ordinals: set[int], heard: set[tuple[str, str, bool]]
) -> tuple[Statement, ...]:
    """Return the statements of the mention about an incident whose speaker had not been heard on it."""
    new: dict[tuple[str, str, bool], Statement] = {}
    for statement in mention.statements:
        voice = _voice_of(principal_of(statement), statement.stance, statement.official)
        if statement.target.incident in ordinals and voice not in heard:
            new.setdefault(voice, statement)
    return tuple(new.values())


def _row(
    named: Named, mention: Mention, spoken: tuple[Stated, ...], policy: TrackPolicy
) -> IncidentRow:
    before = named.before
    sources = [row for row in (before, *named.merged) if row is not None]
    claims = keep_claims(sorted(named.cluster.claims, key=order_of), policy.max_claims)
    first = next((c for c in claims if c.article_id == mention.article.article_id), claims[0])
    absorbed = [Absorbed(incident_id=r.incident_id, article_id=r.made_by) for r in named.merged]
    earlier = [one for row in sources for one in row.absorbed]
    times = [row.seen_at for row in sources if row.seen_at]
    arrived = time_of(mention.article)
    return IncidentRow(
        incident_id=named.incident_id,
        subject=mention.subject,
        made_by=before.made_by if before else first.article_id,
        made_ordinal=before.made_ordinal if before else first.ordinal,
        made_at=before.made_at if before else arrived,
        seen_at=max([*times, arrived] if arrived else times, default=None),
        merged_at=named.cluster.merged_at,
        edits=before.edits if before else (),
        claims=claims,
        statements=keep_last(spoken, policy.max_statements),
        absorbed=keep_last((*earlier, *absorbed), policy.max_applied),
        applied=keep_last(
            (*dict.fromkeys(m for row in sources for m in row.applied), mention.mention_id),
            policy.max_applied,
        ),
    )


def _evict(
    book: IncidentBook, mention: Mention, policy: TrackPolicy, made: Iterable[str]
) -> Step[TrackRow, Delta]:
    """Return the rows that are too old to stay, of whatever subject: one that never comes again lets go of nothing itself.

    As many of each kind may go as the mention makes rows, so that the book does not grow faster than it shrinks.
    """
    now = time_of(mention.article)
    if now is None:
        return Step()
    touched = set(made)
    limit = max(policy.evictions, len(touched))
    keys = [
        key
        for kind, age in _ages(policy)
        for key in book.expired(kind, now - age, limit)
        if key not in touched
    ]
    gone = [row for row in map(book.get, keys) if row is not None]
    return Step(
        rows=tuple((key, None) for key in keys),
        outputs=tuple(closing(row) for row in gone if not isinstance(row, TallyRow)),
        reasons=tuple(LinkReason.EVICTED for _ in keys),
    )


def _ages(policy: TrackPolicy) -> tuple[tuple[type[TrackRow], timedelta], ...]:
    return (
        (IncidentRow, policy.hot_age),
        (ClassRow, policy.hot_age),
        (TallyRow, policy.tally_age),
    )
