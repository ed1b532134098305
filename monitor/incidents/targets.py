"""What was hit, as linking compares it: words, and the kinds of people and things that outlets word differently."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.incidents.wording import fold, tokens
from schemas.report import Place
from schemas.state import Claim

_STOP = frozenset(
    """people civilians residents area site sites others person man men woman women child children
    members crowded house home building one two three four five six seven eight nine ten eleven twelve
    kills killed dead wounded injured dozens several many
    northern southern eastern western central north south east west capital city town village district province
    region border""".split()
)

PLACE_STEM = 5
"""Letters that a country and its people share: Ukraine, Ukrainian; Lebanon, Lebanese."""

_PLURAL_LENGTH = 4
"""Shorter words that end in s are seldom plurals: "bus", "gas"."""

_KINDS = {
    "soldier": "soldier troop army military force patrol captain lieutenant colonel major sergeant conscript "
    "serviceman servicemen barracks garrison battalion brigade",
    "police": "police policeman policemen policewoman cop constable gendarme",
    "tourist": "tourist holidaymaker vacationer visitor sightseer traveller traveler",
    "protester": "protester protestor demonstrator marcher rally demonstration protest crowd",
    "worker": "worker labourer laborer employee staff engineer",
    "pupil": "pupil student schoolchildren schoolgirl schoolboy school",
    "faithful": "worshipper worshiper parishioner churchgoer christian congregation church parish mosque mass vigil",
    "vehicle": "vehicle car van pickup suv mobile motorcade convoy bus minibus coach",
    "ship": "ship vessel tanker freighter bulker trawler seafarer mariner",
    "fighter": "militant terrorist fighter insurgent jihadist rebel gunman gunmen hideout",
    "displaced": "displaced tent encampment refugee shelter",
}
"""One outlet's "holidaymakers" are another's "tourists"; a captain and two privates are "soldiers"."""

SITES = frozenset(
    "school kindergarten nursery university synagogue church mosque temple cathedral shrine hospital nightclub theater theatre".split()
)
"""Sites that few attacks of one day and town have in common."""

KIND = "kind "
"""Stands before a kind among the words, which it is not one of."""

AT_SEA = KIND + "ship"

_KIND_OF = {word: KIND + kind for kind, words in _KINDS.items() for word in words.split()}


def singular(word: str) -> str:
    """Return a word without the plural's s, so that "Shiites" are "Shiite travellers"."""
    return word.removesuffix("s") if len(word) > _PLURAL_LENGTH else word


def target_words(claim: Claim) -> frozenset[str]:
    """Return the words that name targets, and their kinds.

    A place as a target ("struck the Ukrainian capital") is weighed as a place; what a site is ("Kano mosque") is a target.
    """
    names = [target.name for target in claim.targets]
    where, kind = _place_words(claim.place)
    stems = {word[:PLACE_STEM] for word in where - kind if len(word) >= PLACE_STEM}
    words = (tokens(names) | kind) - _STOP - (where - kind)
    told = {singular(w) for w in words if not w.isdigit() and w[:PLACE_STEM] not in stems}
    return frozenset(told | {_KIND_OF[word] for word in told if word in _KIND_OF})


_ASHORE = frozenset(
    "port dock docker harbour harbor quay berth shipyard terminal wharf pier base city town refinery".split()
)


def is_at_sea(names: Iterable[str]) -> bool:
    """Return whether what was hit is a ship or her crew ("the tanker Sounion"), and nothing ashore."""
    words = {singular(word) for word in tokens(names)}
    ships = any(_KIND_OF.get(word) == AT_SEA for word in words)
    return ships and _ASHORE.isdisjoint(words)


def _place_words(place: Place | None) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of a place, and those of them that say what it is."""
    if place is None:
        return frozenset(), frozenset()
    names = (place.name, place.admin1 or "", place.country or "")
    return tokens(names), tokens(fold(word) for word in place.name.split() if word.islower())
