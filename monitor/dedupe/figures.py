"""Words that are figures: numbers in words, vague numbers, weekdays and months.

Days count as figures and not as names: a text that says "Tuesday" where another says "on 4 May" is still its copy.
"""

from __future__ import annotations

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_VAGUE = "dozen dozens several scores hundred hundreds thousand thousands million millions billion billions".split()
_DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_MONTHS = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec"
).split()
_OTHER = {"once": "1", "twice": "2", "both": "2", "couple": "2", "nobody": "0", "none": "0"}

FIGURES: dict[str, str] = (
    {word: str(number) for number, word in enumerate(_UNITS)}
    | {word: str(20 + 10 * number) for number, word in enumerate(_TENS)}
    | {word: word for word in (*_ORDINALS, *_VAGUE, *_DAYS)}
    | {word: word[:3] for word in _MONTHS if word != "may"}
    | _OTHER
)
"""Word in lower case -> the figure it tells. "May" is left out: most are the verb."""
