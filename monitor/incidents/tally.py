"""Running counts: which series is a tally of (``series``), and how did it change? A tally never makes an incident."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.incidents.book import IncidentBook
from monitor.incidents.claims import EARLIEST, MAX_QUOTE, time_of
from monitor.incidents.deltas import classify
from monitor.incidents.figures import Figure, fold_figures, value_of
from monitor.incidents.ids import delta_id, tally_id
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.retention import keep_last
from monitor.incidents.series import asked_marks, is_same, match
from monitor.stage import Step
from schemas.delta import Delta, SourceClaim, TallySnapshot
from schemas.mention import Mention
from schemas.reasons import DeltaReason, LinkReason, Outcome
from schemas.report import Count, Tally
from schemas.state import TallyClaim, TallyRow, TrackRow

MAX_SOURCES = 20
"""Sources named in a snapshot; bounds what travels with each delta."""


def track_tallies(
    book: IncidentBook, mention: Mention, policy: TrackPolicy
) -> Step[TrackRow, Delta]:
    """Return the rows and deltas of a mention's tallies."""
    rows: list[tuple[str, TrackRow | None]] = []
    deltas: list[Delta] = []
    reasons: list[LinkReason] = []
    for tally in fold_report(mention.tallies, policy):
        marks = asked_marks(tally, policy)
        known = book.tallies(mention.subject, tally.what, marks)
        before = match(tally, known, policy)
        after = _row(before, tally, mention, policy)
        rows.append((after.tally_id, after))
        reasons.append(LinkReason.SAME_SERIES if before else LinkReason.NEW_SERIES)
        deltas += _deltas(before, after, tally, mention)
    return Step(rows=tuple(rows), outputs=tuple(deltas), reasons=tuple(reasons))


def fold_report(tallies: Iterable[Tally], policy: TrackPolicy) -> tuple[Tally, ...]:
    """Return a report's tallies, those of one series folded into the most exact and highest one."""
    folded: list[Tally] = []
    for tally in tallies:
        same = next((t for t in folded if is_same(t, tally, policy)), None)
        if same is None:
            folded.append(tally)
            continue
        folded[folded.index(same)] = max(same, tally, key=_strength)
    return tuple(folded)


def _strength(tally: Tally) -> tuple[int, bool, int]:
    value = value_of(tally.value) or 0
    return (value, tally.value.high is not None, len(tally.parts))


def _row(before: TallyRow | None, tally: Tally, mention: Mention, policy: TrackPolicy) -> TallyRow:
    claim = _claim(tally, mention)
    own = claim.article_id
    earlier = [c for c in (before.claims if before else ()) if c.article_id == own]
    known = [c for c in (before.claims if before else ()) if c.article_id != own]
    latest = max([*earlier, claim], key=lambda c: c.at or EARLIEST)
    claims = sorted([*known, latest], key=lambda c: (c.at or EARLIEST, c.article_id))
    series = (before.series if before else "") or tally.series or _series(tally)
    arrived = time_of(mention.article)
    times = [t for t in (before.seen_at if before else None, arrived) if t]
    return TallyRow(
        tally_id=before.tally_id if before else tally_id(mention.subject, own, series),
        subject=mention.subject,
        series=series,
        what=tally.what,
        victims=(before.victims if before else None) or tally.victims,
        area=(before.area if before else ()) or tally.area,
        since=(before.since if before else None) or tally.since,
        since_text=(before.since_text if before else None) or tally.since_text,
        claims=keep_last(claims, policy.max_claims),
        applied=keep_last(
            (*(before.applied if before else ()), mention.mention_id), policy.max_applied
        ),
        seen_at=max(times, default=None),
    )


def _series(tally: Tally) -> str:
    where = " and ".join(tally.area)
    since = tally.since.isoformat() if tally.since else tally.since_text
    parts = (tally.what, tally.victims and f"of {tally.victims}", where and f"in {where}")
    return " ".join(p for p in (*parts, since and f"since {since}") if p)


def _claim(tally: Tally, mention: Mention) -> TallyClaim:
    article = mention.article
    return TallyClaim(
        article_id=article.article_id,
        source=article.source,
        origin=article.origin or article.source,
        value=tally.value,
        at=time_of(article),
        copy=article.outcome is Outcome.COPY and article.origin != article.source,
        title=article.title[:MAX_QUOTE],
        url=article.url,
        said_by=tally.source,
        parts=tally.parts,
        quote=tally.quote[:MAX_QUOTE],
        evidence=tally.evidence,
    )


def value(row: TallyRow) -> Count | None:
    """Return what is known of the count."""
    return fold_figures(
        (
            Figure(
                count=c.value,
                source=c.source,
                origin=c.origin,
                copy=c.copy,
                correction=c.correction,
            )
            for c in row.claims
        ),
        running=True,
    )


def snapshot_of(row: TallyRow) -> TallySnapshot | None:
    """Return what is known of a tally."""
    known = value(row)
    if known is None:
        return None
    latest = {claim.source: claim for claim in row.claims}
    return TallySnapshot(
        tally_id=row.tally_id,
        series=row.series,
        what=row.what,
        value=known,
        victims=row.victims,
        area=row.area,
        since=row.since,
        parts=next((c.parts for c in reversed(row.claims) if c.parts), ()),
        sources=tuple(
            SourceClaim(
                source=c.source,
                article_id=c.article_id,
                title=c.title,
                url=c.url,
                published=c.at,
                quote=c.quote,
                copy_of=c.origin if c.copy else None,
            )
            for c in list(latest.values())[-MAX_SOURCES:]
        ),
    )


def _deltas(
    before: TallyRow | None, after: TallyRow, tally: Tally, mention: Mention
) -> list[Delta]:
    """Return the change of a series; a first value is a creation, told in the snapshot."""
    was, is_now = value(before) if before else None, value(after)
    reason = DeltaReason.CREATED if before is None else classify(was, is_now)
    if reason is None:
        return []
    created = before is None
    detail = f"{reason}:{value_of(is_now)}"
    return [
        Delta(
            delta_id=delta_id(mention.mention_id, after.tally_id, "tally", detail),
            subject=mention.subject,
            article_id=mention.article.article_id,
            measure="tally",
            reason=reason,
            tally_id=after.tally_id,
            before=None if created else was,
            after=None if created else is_now,
            source=mention.article.source,
            evidence=tally.evidence,
            quote=tally.quote,
            link=LinkReason.NEW_SERIES if created else LinkReason.SAME_SERIES,
            article=mention.article,
            tally=snapshot_of(after),
        )
    ]
