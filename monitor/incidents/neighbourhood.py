"""What a mention may change: the incidents its claims may be about, and what must be settled anew with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from monitor.incidents.book import IncidentBook
from monitor.incidents.claims import EARLIEST, order_of
from monitor.incidents.evidence import weigh
from monitor.incidents.ids import incident_id
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.profile import profile_of
from monitor.incidents.settle import ClaimKey, Cluster, Settled, cluster_of, settle
from monitor.incidents.weights import JOIN
from schemas.base import IncidentId, Subject
from schemas.state import Claim, IncidentRow

_Order = tuple[datetime, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """The rows that may change, the settled incidents, and under which earlier key a revised claim stood."""

    rows: tuple[IncidentRow, ...]
    settled: Settled
    stands_for: dict[ClaimKey, ClaimKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A settled incident under its id. ``before`` is ``None`` for a new one; ``merged`` rows end in it."""

    cluster: Cluster
    incident_id: IncidentId
    before: IncidentRow | None
    merged: tuple[IncidentRow, ...]
    split: bool


def key_of(claim: Claim) -> ClaimKey:
    """Return what names a claim: its article and its ordinal there."""
    return (claim.article_id, claim.ordinal)


def is_older_version(book: IncidentBook, subject: Subject, claim: Claim) -> bool:
    """Return whether a later version of the claim's article is known already."""
    rows = (book.incident(key) for key in book.of_article(subject, claim.article_id))
    own = [c.at for row in rows for c in row.claims if c.article_id == claim.article_id]
    return claim.at is not None and any(at is not None and at > claim.at for at in own)


def settle_mention(
    book: IncidentBook, subject: Subject, claims: Sequence[Claim], policy: TrackPolicy
) -> Neighbourhood:
    """Return the incidents of the claims' neighbourhood with the claims among them."""
    article = claims[0].article_id
    revised = book.of_article(subject, article)
    direct = _direct(book, subject, claims, policy)
    ids = tuple(dict.fromkeys((*revised, *direct)))
    rows = tuple(book.incident(i) for i in ids)
    in_order = not revised and book.is_in_order(subject, claims[0].at or EARLIEST)
    beside = () if in_order else _beside(book, subject, ids, claims, policy)
    if not revised and not _is_late((*rows, *map(book.incident, beside)), claims[0], policy):
        standing = [_standing(book, row) for row in rows]
        return Neighbourhood(rows=rows, settled=settle(claims, policy, standing), stands_for={})
    ids = tuple(dict.fromkeys((*ids, *beside)))
    since, rows = _reached(book, subject, ids, order_of(claims[0]), policy)
    stands_for = _stands_for(rows, claims) if revised else {}
    claims = _held(rows, claims, stands_for)
    kept = _without(rows, article, stands_for)
    standing, again = _rolled_back(book, rows, kept, since)
    settled = settle([*again, *claims], policy, standing)
    return Neighbourhood(rows=rows, settled=settled, stands_for=stands_for)


def _reached(
    book: IncidentBook, subject: Subject, ids: Sequence[str], since: _Order, policy: TrackPolicy
) -> tuple[_Order, tuple[IncidentRow, ...]]:
    """Return from when on claims are settled again, and the rows that may change.

    What stood before the late claim stays, unless later claims merged incidents of it: then these are taken
    apart, back to their first claims.
    """
    while True:
        rows = tuple(book.incident(i) for i in _closure(book, subject, ids, since, policy))
        merged = [r for r in rows if r.merged_at is not None and r.merged_at >= since[0]]
        first = min((order_of(row.claims[0]) for row in merged), default=since)
        if first >= since:
            return since, rows
        since = first


def _rolled_back(
    book: IncidentBook, rows: Sequence[IncidentRow], kept: dict[str, list[Claim]], since: _Order
) -> tuple[list[Cluster], list[Claim]]:
    """Return the incidents as they stood at a time, and the claims to be settled again from then on."""
    again: list[Claim] = []
    standing: list[Cluster] = []
    for row in rows:
        own = kept[row.incident_id]
        before = [claim for claim in own if claim.pin or order_of(claim) < since]
        again += [claim for claim in own if not claim.pin and order_of(claim) >= since]
        if len(before) == len(row.claims):
            standing.append(_standing(book, row))
        elif before:
            cluster = cluster_of(before, row.incident_id)
            cluster.merged_at = row.merged_at
            standing.append(cluster)
    return standing, again


def _direct(
    book: IncidentBook, subject: Subject, claims: Iterable[Claim], policy: TrackPolicy
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for claim in claims:
        found |= dict.fromkeys(book.candidates(subject, profile_of(claim), policy.max_candidates))
    return tuple(found)


STEPS = 2
"""What joins an incident changes what else may join it, and that in turn what is near."""


def _beside(
    book: IncidentBook,
    subject: Subject,
    ids: Iterable[str],
    claims: Iterable[Claim],
    policy: TrackPolicy,
) -> tuple[str, ...]:
    """Return what may be one with the incidents that claims fit: more may be now, or less, than before."""
    found: dict[str, None] = {}
    fitting = [
        known
        for known in map(book.profile, ids)
        if any(weigh(known, profile_of(claim)).score >= JOIN for claim in claims)
    ]
    for _ in range(STEPS):
        near = [
            one
            for known in fitting
            for one in book.candidates(subject, known, policy.max_candidates)
            if one not in found
        ]
        found |= dict.fromkeys(near)
        fitting = [book.profile(one) for one in dict.fromkeys(near)]
    return tuple(found)


def _is_late(rows: Iterable[IncidentRow], claim: Claim, policy: TrackPolicy) -> bool:
    """Return whether the claim comes out of order, by no more than is settled anew."""
    latest = max((order_of(row.claims[-1]) for row in rows), default=None)
    if latest is None or latest < order_of(claim):
        return False
    return latest[0] - (claim.at or EARLIEST) <= policy.disorder


def _standing(book: IncidentBook, row: IncidentRow) -> Cluster:
    return Cluster(
        key=row.incident_id,
        claims=list(row.claims),
        profile=book.profile(row.incident_id),
        first_at=row.claims[0].at or EARLIEST,
        articles=set(book.articles(row.incident_id)),
        merged_at=row.merged_at,
    )


def _closure(
    book: IncidentBook, subject: Subject, ids: Sequence[str], since: _Order, policy: TrackPolicy
) -> tuple[str, ...]:
    """Return the incidents that claims from a time on may be about, those given first; bounded.

    Every claim from then on is settled again, with the other claims of its article, since an article's
    claims are settled together.
    """
    found = dict.fromkeys(ids)
    queue = list(ids)
    seen: set[str] = set()
    while queue and len(found) < policy.max_neighbours:
        row = book.incident(queue.pop(0))
        again = [c for c in row.claims if order_of(c) >= since]
        for claim in again:
            near = book.candidates(subject, profile_of(claim), policy.max_candidates)
            beside = () if claim.article_id in seen else book.of_article(subject, claim.article_id)
            seen.add(claim.article_id)
            fresh = [i for i in (*near, *beside) if i not in found]
            found |= dict.fromkeys(fresh)
            queue += fresh
    return tuple(found)


def _stands_for(rows: Iterable[IncidentRow], claims: Sequence[Claim]) -> dict[ClaimKey, ClaimKey]:
    """Pair a revised article's claims with those of its earlier version, by evidence alone."""
    article = claims[0].article_id
    earlier = [c for row in rows for c in row.claims if c.article_id == article]
    pairs = sorted(
        (-weigh(profile_of(old), profile_of(new)).score, new.ordinal, old.ordinal)
        for old in earlier
        for new in claims
    )
    paired: dict[ClaimKey, ClaimKey] = {}
    for score, new, old in pairs:
        if -score < 0 and len(earlier) + len(claims) > WHOLE_ARTICLE:
            break
        if (article, new) not in paired and (article, old) not in paired.values():
            paired[article, new] = (article, old)
    return paired


def _held(
    rows: Iterable[IncidentRow], claims: Sequence[Claim], stands_for: dict[ClaimKey, ClaimKey]
) -> Sequence[Claim]:
    """Return the claims, those that stand for a claim that an editor's act holds held as it was."""
    pins = {key_of(claim): claim.pin for row in rows for claim in row.claims if claim.pin}
    if not pins:
        return claims
    return [
        replace(claim, pin=pins.get(stands_for.get(key_of(claim), key_of(claim)), ""))
        for claim in claims
    ]


WHOLE_ARTICLE = 2
"""Claims before and after together: an article of one incident still tells of it, however it was reworded."""


def _without(
    rows: Iterable[IncidentRow], article: str, stands_for: dict[ClaimKey, ClaimKey]
) -> dict[str, list[Claim]]:
    """Return the claims of each row without the earlier version's; the last claim of an incident stays."""
    replaced = set(stands_for.values())
    kept: dict[str, list[Claim]] = {}
    for row in rows:
        others = [c for c in row.claims if c.article_id != article]
        kept[row.incident_id] = others or [c for c in row.claims if key_of(c) not in replaced]
    return kept


def name_all(near: Neighbourhood, article_id: str) -> tuple[Named, ...]:
    """Return the settled incidents under their frozen ids, unchanged ones left out."""
    owner = {key_of(c): row.incident_id for row in near.rows for c in row.claims}
    rows = {row.incident_id: row for row in near.rows}
    makers = {_maker(row, near): row.incident_id for row in near.rows}
    taken: dict[int, IncidentId] = {}
    for number, cluster in enumerate(near.settled.clusters):
        own = [makers[key_of(c)] for c in cluster.claims if key_of(c) in makers]
        if own:
            taken[number] = min(own, key=lambda i: (rows[i].made_at or EARLIEST, i))
    _take_by_vote(near, owner, taken)
    ended = _ended(near, owner, taken)
    named = (
        _name(cluster, taken.get(number), rows, ended.get(number, ()), article_id)
        for number, cluster in enumerate(near.settled.clusters)
    )
    return tuple(n for n in named if _changed(n))


def _maker(row: IncidentRow, near: Neighbourhood) -> ClaimKey:
    old = (row.made_by, row.made_ordinal)
    return next((new for new, was in near.stands_for.items() if was == old), old)


def _votes(
    near: Neighbourhood, cluster: Cluster, owner: dict[ClaimKey, IncidentId]
) -> Counter[IncidentId]:
    keys = (near.stands_for.get(key_of(c), key_of(c)) for c in cluster.claims)
    return Counter(owner[key] for key in keys if key in owner)


def _take_by_vote(
    near: Neighbourhood, owner: dict[ClaimKey, IncidentId], taken: dict[int, IncidentId]
) -> None:
    """Give an incident whose first claim is gone the id that most of its claims had."""
    for number, cluster in enumerate(near.settled.clusters):
        votes = _votes(near, cluster, owner)
        free = [i for i in votes if i not in taken.values()]
        if number not in taken and free:
            taken[number] = max(free, key=lambda i: (votes[i], i))


def _ended(
    near: Neighbourhood, owner: dict[ClaimKey, IncidentId], taken: dict[int, IncidentId]
) -> dict[int, tuple[IncidentRow, ...]]:
    """Return, for each settled incident, the rows that end in it."""
    ended: dict[int, tuple[IncidentRow, ...]] = {}
    for row in near.rows:
        if row.incident_id in taken.values():
            continue
        shares = [
            (_votes(near, cluster, owner)[row.incident_id], -number)
            for number, cluster in enumerate(near.settled.clusters)
        ]
        number = -max(shares)[1]
        ended[number] = (*ended.get(number, ()), row)
    return ended


def _name(
    cluster: Cluster,
    taken: IncidentId | None,
    rows: dict[IncidentId, IncidentRow],
    merged: tuple[IncidentRow, ...],
    article_id: str,
) -> Named:
    if taken is not None:
        return Named(
            cluster=cluster, incident_id=taken, before=rows[taken], merged=merged, split=False
        )
    own = [c for c in cluster.claims if c.article_id == article_id]
    first = (own or cluster.claims)[0]
    made = incident_id(first.article_id, first.ordinal)
    if made in rows:
        made = incident_id(article_id, _SPLIT + first.ordinal)
    return Named(
        cluster=cluster,
        incident_id=made,
        before=None,
        merged=merged,
        split=len(own) < len(cluster.claims),
    )


_SPLIT = 1_000_000
"""Added to the ordinal of an incident split off by an article whose own id is already an incident's."""


def _changed(named: Named) -> bool:
    if named.before is None or named.merged:
        return True
    return tuple(named.cluster.claims) != named.before.claims
