"""Which incident is each claim about? The claims of a neighbourhood, taken in order of time, put into incidents.

``settle`` is a function of the claims and not of the order in which they arrived: articles are taken in order of
publication, the claims of one article together, each joined to the incident that the evidence speaks for most,
or made a new one. In order, that is one step on what stands; an article that comes late has its neighbourhood
settled anew, which may merge incidents or split one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby

from monitor.incidents.claims import EARLIEST, order_of
from monitor.incidents.evidence import Verdict, weigh
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.profile import Profile, joined, profile_of, together
from monitor.incidents.weights import JOIN, MERGE
from schemas.reasons import LinkReason
from schemas.state import Claim

ClaimKey = tuple[str, int]

_Pair = tuple[float, int, tuple[datetime, str, int], int, Verdict]
"""Evidence (negative, so that the strongest comes first), place of the claim, first claim and number of the incident.

Equal evidence goes to the older incident, whatever the order in which they are looked at.
"""

_FOLLOW_UP = timedelta(hours=36)
"""A report this long after the first one is a follow-up: the next day's paper is still the first news."""


@dataclass(slots=True, kw_only=True)
class Cluster:
    """The claims of one incident while it is being settled. ``key`` is its incident id where it has one."""

    key: str | None
    claims: list[Claim]
    profile: Profile
    first_at: datetime
    articles: set[str] = field(default_factory=set)
    merged_at: datetime | None = None

    @property
    def is_pinned(self) -> bool:
        """Whether an editor has put hands on it: only an editor merges it then."""
        return any(claim.pin for claim in self.claims)

    def join(self, claim: Claim) -> None:
        """Take a claim in."""
        self.claims.append(claim)
        self.profile = joined(self.profile, profile_of(claim))
        self.articles.add(claim.article_id)

    def absorb(self, other: Cluster) -> None:
        """Take all claims of another incident in."""
        self.claims = sorted([*self.claims, *other.claims], key=order_of)
        self.profile = together(self.claims)
        self.articles |= other.articles
        self.first_at = min(self.first_at, other.first_at)
        self.merged_at = self.claims[-1].at or EARLIEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The incidents of a neighbourhood, and why each claim was put where it is."""

    clusters: tuple[Cluster, ...]
    reasons: dict[ClaimKey, LinkReason]


def cluster_of(claims: Iterable[Claim], key: str | None = None) -> Cluster:
    """Return the cluster of claims in order of time, at least one."""
    first, *rest = claims
    cluster = Cluster(
        key=key,
        claims=[first],
        profile=profile_of(first),
        first_at=first.at or EARLIEST,
        articles={first.article_id},
    )
    for claim in rest:
        cluster.join(claim)
    return cluster


def settle(
    claims: Iterable[Claim], policy: TrackPolicy, standing: Iterable[Cluster] = ()
) -> Settled:
    """Return the incidents that the claims make, joined to those that stand already."""
    clusters = list(standing)
    reasons: dict[ClaimKey, LinkReason] = {}
    ordered = sorted(claims, key=order_of)
    for _, group in groupby(ordered, key=lambda c: (c.at, c.article_id)):
        reasons |= _settle_article(list(group), clusters, policy)
    return Settled(clusters=tuple(clusters), reasons=reasons)


def _settle_article(
    group: list[Claim], clusters: list[Cluster], policy: TrackPolicy
) -> dict[ClaimKey, LinkReason]:
    reasons: dict[ClaimKey, LinkReason] = {}
    touched: list[tuple[Cluster, list[Cluster]]] = []
    chosen, refused, fitting = _choose(group, clusters, policy)
    for claim in group:
        key = (claim.article_id, claim.ordinal)
        if key in chosen:
            cluster, verdict = chosen[key]
            reasons[key] = _join_reason(cluster, claim, verdict)
            cluster.join(claim)
            touched.append((cluster, fitting[key]))
        else:
            clusters.append(cluster_of([claim]))
            reasons[key] = refused.get(key, LinkReason.FIRST_REPORT)
    _merge(touched, clusters, policy)
    return reasons


def _choose(
    group: Sequence[Claim], clusters: Sequence[Cluster], policy: TrackPolicy
) -> tuple[
    dict[ClaimKey, tuple[Cluster, Verdict]],
    dict[ClaimKey, LinkReason],
    dict[ClaimKey, list[Cluster]],
]:
    """Pair the claims of one article with incidents, the strongest evidence first, each incident once.

    One article tells its incidents apart, so two of its claims never join one incident.
    """
    pairs: list[_Pair] = []
    refused: dict[ClaimKey, tuple[float, LinkReason]] = {}
    for place, claim in enumerate(group):
        for number, cluster in enumerate(clusters):
            verdict = _weigh(cluster, claim)
            closed = _is_closed(cluster, claim, policy)
            if closed or verdict.score < JOIN or claim.article_id in cluster.articles:
                why = LinkReason.CLOSED if closed else verdict.why_not
                _note(refused, (claim.article_id, claim.ordinal), verdict.score, why)
            else:
                made = order_of(cluster.claims[0])
                pairs.append((-round(verdict.score, 6), place, made, number, verdict))
    pairs.sort(key=lambda pair: pair[:3])
    fitting: dict[ClaimKey, list[Cluster]] = {}
    for _, place, _made, number, _verdict in pairs:
        claim = group[place]
        fitting.setdefault((claim.article_id, claim.ordinal), []).append(clusters[number])
    why_refused = {key: why for key, (_, why) in refused.items()}
    return _pick(pairs, group, clusters), why_refused, fitting


def _weigh(cluster: Cluster, claim: Claim) -> Verdict:
    """Return the evidence; a claim that an editor's act holds fits its incident alone."""
    if not claim.pin:
        return weigh(cluster.profile, profile_of(claim))
    return HELD if cluster.key == claim.pin else NOT_HELD


HELD = Verdict(score=100.0, why=LinkReason.EDITOR, why_not=LinkReason.EDITOR)
NOT_HELD = Verdict(score=-100.0, why=LinkReason.EDITOR, why_not=LinkReason.EDITOR)


def _pick(
    pairs: Iterable[_Pair],
    group: Sequence[Claim],
    clusters: Sequence[Cluster],
) -> dict[ClaimKey, tuple[Cluster, Verdict]]:
    chosen: dict[ClaimKey, tuple[Cluster, Verdict]] = {}
    used: set[int] = set()
    for _, place, _made, number, verdict in pairs:
        key = (group[place].article_id, group[place].ordinal)
        if key not in chosen and number not in used:
            chosen[key] = (clusters[number], verdict)
            used.add(number)
    return chosen


def _note(
    refused: dict[ClaimKey, tuple[float, LinkReason]], key: ClaimKey, score: float, why: LinkReason
) -> None:
    if key not in refused or refused[key][0] < score:
        refused[key] = (score, why)


def _is_closed(cluster: Cluster, claim: Claim, policy: TrackPolicy) -> bool:
    """Return whether an incident is past its age cap for a claim, counted from its first report either way."""
    if claim.at is None or cluster.first_at == EARLIEST:
        return False
    return abs(claim.at - cluster.first_at) > policy.age_cap


def _join_reason(cluster: Cluster, claim: Claim, verdict: Verdict) -> LinkReason:
    if all(known.spoken_of for known in cluster.claims) and not claim.spoken_of:
        return LinkReason.STATEMENT_FILLED_IN
    if verdict.why is LinkReason.SAME_WIRE_TEXT:
        return verdict.why
    late = claim.at is not None and claim.at - cluster.first_at > _FOLLOW_UP
    return LinkReason.FOLLOW_UP if late or claim.background else verdict.why


def _merge(
    touched: Iterable[tuple[Cluster, list[Cluster]]], clusters: list[Cluster], policy: TrackPolicy
) -> None:
    """Merge incidents that a claim just taken in fits both; the older one stays."""
    for cluster, fitting in touched:
        for other in sorted(fitting, key=lambda c: order_of(c.claims[0])):
            if other is cluster or cluster not in clusters or other not in clusters:
                continue
            if cluster.is_pinned or other.is_pinned:
                continue
            if abs(cluster.first_at - other.first_at) > policy.age_cap:
                continue
            if not cluster.articles & other.articles and _are_one(cluster, other):
                first, second = sorted((cluster, other), key=lambda c: order_of(c.claims[0]))
                first.absorb(second)
                clusters.remove(second)


def _are_one(a: Cluster, b: Cluster) -> bool:
    both = min(weigh(a.profile, b.profile).score, weigh(b.profile, a.profile).score)
    return both >= MERGE
