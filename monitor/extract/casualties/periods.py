"""Tell a count over a period ("killed since October", "so far this year") from the figure of one event."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.extract.casualties.view import View
    from schemas.report import Count

# A period that stands behind its verb does so within so many words, no clause between them.
MAX_REACH = 16
_UNITS = frozenset(
    {"weeks", "months", "years", "decades", "month", "year", "decade", "week", "century"}
)
_OVER = frozenset({"past", "last", "previous", "recent", "preceding", "these"})
_CLAUSE = frozenset({";", "when", "who", "which", "but", "while", "after", "whose", "where"})

# "the worst attack since 2009" compares one event with others.
_RECORD = frozenset(
    {
        "worst",
        "deadliest",
        "bloodiest",
        "biggest",
        "largest",
        "highest",
        "heaviest",
        "first",
        "most",
    }
)


# "The war has killed tens of thousands": what lasts, and not one event, did it; so did whatever has killed so many.
_LASTING = frozenset({"war", "wars", "conflict", "conflicts", "insurgency", "genocide", "feud"})
LASTING_REACH = 8
MANY = 10_000
# "The offensive has left more than 600 dead": many fights have, of which none is told.
_OFFENSIVES = frozenset({"offensive", "offensives", "campaign"})
MANY_IN_OFFENSIVE, OFFENSIVE_REACH = 100, 24
# "Has left 600 dead and 900 wounded": so many words may stand between.
_RESULTS = frozenset({"left", "yielded", "caused", "claimed", "produced", "cost", "resulted"})
RESULT_REACH = 12
# "In more than 600 clashes": so many events are no one event.
_EVENTS = frozenset(
    {"clashes", "attacks", "battles", "incidents", "operations", "raids", "strikes"}
)
MANY_EVENTS = 10
# "over the past 12 days": so many days and more are a period, two may be one event.
MANY_DAYS = 4
_MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
# "During the 2019 protests": what lasted for weeks, named by its year.
_YEAR = re.compile(r"(?:19|20)\d\d")
_UNREST = frozenset(
    "protests demonstrations riots unrest uprising revolution war conflict clashes violence crackdown offensive".split()
)
_OWNING = frozenset({"'s", "’s", "'", "’"})
_SHORT = frozenset({"hours", "days", "weeks", "months"})


def is_running(view: View, position: int, count: Count) -> bool:
    """Tell whether the word of harm at `position` is counted over a period and not in one event."""
    line = view.line
    if _is_in_many(view) or line.at(position - 1) == "together":
        # "A bombing and an ambush that together killed 18": of neither alone.
        return True
    perfect = _is_perfect(view, position) or _has_left(view, position)
    if perfect and line.has(position + 1, ("in", "them")):
        # "The 102nd shooting this year; 54 people have died in them."
        return True
    if (count.low or 0) >= MANY or (perfect and _is_of_war(view, position, count)):
        return True
    for start in range(len(line)):
        length = _period(view, start) or (2 if _this_year(view, position, start) else 0)
        if length and _tied(view, position, start, start + length):
            return True
    contrast = _contrasted(view, position) if perfect else None
    return contrast is not None and is_running(view, contrast, count)


def _has_left(view: View, position: int) -> bool:
    """Tell whether something "has left 600 dead and 900 wounded", or yielded or caused them."""
    before = view.line.lower[max(0, position - RESULT_REACH) : position]
    return any(have in {"has", "have"} and verb in _RESULTS for have, verb in pairwise(before))


def _is_in_many(view: View) -> bool:
    """Tell whether a sentence counts over many events: "393 were killed and 310 wounded in more than 600 clashes"."""
    line = view.line
    return any(
        (q.count.low or 0) >= MANY_EVENTS
        and line.at(q.end) in _EVENTS
        and line.at(q.start - 1) in {"in", "during"}
        for q in view.quantities
    )


def _contrasted(view: View, position: int) -> int | None:
    """Return the verb of harm of the clause before "while": "have been killed, while 40 have been wounded"."""
    line = view.line
    joint = next((i for i in range(position - 1, -1, -1) if line.at(i) in _CLAUSE), -1)
    if line.at(joint) not in {"while", "whereas"} or joint < 0:
        return None
    verbs = (i for i in range(joint - 1, -1, -1) if line.at(i) in view.lex.verbs)
    return next((i for i in verbs if _is_perfect(view, i)), None)


def _is_of_war(view: View, position: int, count: Count) -> bool:
    """Tell whether a war is named beside the verb, or before it an offensive that has killed many."""
    near = view.line.lower[max(0, position - LASTING_REACH) : position + LASTING_REACH]
    before = view.line.lower[max(0, position - OFFENSIVE_REACH) : position]
    many = (count.low or 0) >= MANY_IN_OFFENSIVE
    return bool(_LASTING & set(near)) or (many and bool(_OFFENSIVES & set(before)))


def _this_year(view: View, position: int, start: int) -> bool:
    """Tell whether "this year" follows a perfect or a noun: "have killed 47 this year", "the deaths of 47 this year".

    "Was killed this year" tells when, and does not sum up.
    """
    line = view.line
    unit = line.at(start) == "this" and line.at(start + 1) in {"month", "year"}
    return unit and (_is_perfect(view, position) or view.is_("death_nouns", position))


def _period(view: View, start: int) -> int:
    """Return how many words of a period begin at `start`."""
    line = view.line
    word = line.at(start)
    if word == "since":
        return 1 if _is_time_after(view, start + 1) else 0
    if word in {"in", "over", "during", "within", "for"}:
        return _span(view, start) or _phrase(view, start)
    return _phrase(view, start)


def _phrase(view: View, start: int) -> int:
    """Return how many words a fixed phrase for a period has that begins at `start`."""
    if view.line.at(start) not in view.lex.begins["running"]:
        return 0
    return view.line.longest(start, view.lex.phrases["running"])


def _is_time_after(view: View, position: int) -> bool:
    """Tell whether "since" is of time and not of cause: a name of a time, a figure or a noun of an event follows."""
    token = view.line.tokens[position] if position < len(view.line) else None
    return token is not None and (
        token.pos_ in {"PROPN", "NOUN", "NUM", "DET", "ADJ"}
        or token.lower_ in {"then", "last", "early", "late", "mid"}
    )


def _span(view: View, start: int) -> int:
    """Return how many words "in the past three months", "in May alone", "in less than two weeks" has."""
    line = view.line
    i = start + 1 + (line.at(start + 1) in {"the", "just", "only"})
    if (line.at(i) in _MONTHS or line.at(i).isdigit()) and line.at(i + 1) == "alone":
        return i + 2 - start
    if _YEAR.fullmatch(line.at(i)) and _UNREST & set(line.lower[i + 1 : i + 4]):
        return i + 2 - start
    if line.has(i, ("less", "than")) and _SHORT & set(line.lower[i + 2 : i + 4]):
        return i + 4 - start
    # "In last week's attack" tells which one it was.
    if line.at(i) not in _OVER or _OWNING & set(line.lower[i + 2 : i + 6]):
        return 0
    for j in range(i + 1, i + 5):
        if line.at(j) in _UNITS or (line.at(j) == "days" and _is_many(view, j - 1)):
            return j + 1 - start
    return 0


def _is_many(view: View, position: int) -> bool:
    """Tell whether the number at `position` is one of many days."""
    number = next((q for q in view.quantities if q.start <= position < q.end), None)
    return number is not None and (number.count.low or 0) >= MANY_DAYS


def _tied(view: View, position: int, start: int, end: int) -> bool:
    """Tell whether the period `[start, end)` is that of the verb: behind it, or at the head of the sentence, or perfect."""
    line = view.line
    if start > position:
        between = line.lower[position + 1 : start]
        other = _CLAUSE | _RECORD | view.lex.sets["bringing"]
        return len(between) <= MAX_REACH and not other & set(between)
    between = line.lower[end:position]
    summed = line.at(end - 1) == "alone" or _is_perfect(view, position)
    return len(between) <= MAX_REACH and summed and not _CLAUSE & set(between)


def _is_perfect(view: View, position: int) -> bool:
    """Tell whether "have" or "has" stands just before the verb, or before the one that it is joined to."""
    token = view.line.tokens[position]
    first = view.line.position.get(token.head.i, position) if token.dep_ == "conj" else position
    have = {"have", "has", "'ve"}
    return any(view.line.at(i) in have for verb in {position, first} for i in range(verb - 4, verb))
