"""Tell figures that the article itself does not go by: those of a source that puts the toll higher, those told earlier."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.facts import Casualty, Reading

_HIGHER = re.compile(
    r"\b(?:higher|larger|bigger|greater) (?:death |casualty )?(?:toll|tolls|figure|figures|number|count|estimate)\b"
    r"|\b(?:put|puts|putting|placed) the (?:death |casualty )?(?:toll|figure|number of \w+) (?:\w+ )?(?:higher|as high as)\b",
    re.IGNORECASE,
)
# Whoever has no name, or gives his own account, raises no toll that the headline or the lead gives.
_OTHERS = re.compile(
    r"\b(?:security |medical |military |local |diplomatic |two |three |several |other )*sources? (?:\w+ ){0,2}(?:told|said|put)\b"
    r"|\b(?:put|puts|putting) the (?:death |casualty )?(?:toll|number of (?:dead|deaths|victims)) at\b",
    re.IGNORECASE,
)
# The headline, a dateline and the lead.
LEAD_SENTENCES = 2
# "It earlier said two were dead", "officials had previously put the toll at six".
_EARLIER = re.compile(
    r"\b(?:earlier|previously|initially|at first) (?:said|reported|put|gave|spoke|told|announced|stated|confirmed)\b"
    r"|\b(?:said|reported|put|gave|announced) (?:earlier|previously|initially)\b"
    r"|\b(?:the |an |its )?(?:earlier|previous|initial|first) (?:death )?(?:toll|figure|count|report|reports)\b",
    re.IGNORECASE,
)
# "An earlier version of this article said": nothing of it stands.
_WITHDRAWN = re.compile(
    r"\b(?:earlier|previous) (?:version|report|story|headline)s? (?:of|by|said|incorrectly|wrongly|mistakenly|misstated)\b",
    re.IGNORECASE,
)
# What a figure told earlier was of stands so many sentences from it at most.
REACH = 3


def settled(reading: Reading, claims: Sequence[Casualty]) -> tuple[Casualty, ...]:
    """Return the claims without figures told earlier beside a newer one; a higher toll that others give bounds it."""
    higher = _of_higher(reading, claims)
    earlier = {s.index for s in reading.sentences if _EARLIER.search(s.text)}
    withdrawn = {s.index for s in reading.sentences if _WITHDRAWN.search(s.text)}
    return tuple(
        _at_most(c) if c.sentence in higher else c
        for c in claims
        if c.sentence not in withdrawn
        and not (c.sentence in earlier and _has_newer(c, claims, earlier))
    )


def _of_higher(reading: Reading, claims: Sequence[Casualty]) -> set[int]:
    """Return the sentences whose figures others put higher; the sentence behind where that one gives none."""
    told = {c.sentence for c in claims if c.count.best is not None}
    here = {s.index for s in reading.sentences if not s.headline and _HIGHER.search(s.text)}
    others = {
        s.index
        for s in reading.sentences
        if s.index > LEAD_SENTENCES
        and _OTHERS.search(s.text)
        and any(_leads(lead, c) for lead in claims for c in claims if c.sentence == s.index)
    }
    return {i if i in told else i + 1 for i in here} | others


def _leads(lead: Casualty, claim: Casualty) -> bool:
    """Say whether the headline or the lead gives a figure that a claim further on is above."""
    same = lead.measure == claim.measure and lead.sentence <= LEAD_SENTENCES
    return same and 1 < (lead.count.best or 0) < (claim.count.best or 0)


def _at_most(claim: Casualty) -> Casualty:
    most = claim.count.high if claim.count.high is not None else claim.count.best
    return replace(claim, count=Count(low=None, best=None, high=most))


def _has_newer(claim: Casualty, claims: Sequence[Casualty], earlier: set[int]) -> bool:
    """Say whether a sentence near it gives the same measure more, not as an earlier figure; fewer may be a part."""
    return any(
        other.measure == claim.measure
        and (other.count.best or 0) > (claim.count.best or 0)
        and other.sentence not in earlier
        and abs(other.sentence - claim.sentence) <= REACH
        for other in claims
    )
