"""What each agreement or disagreement of two reports is worth: the table ``weights.toml``, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

JOIN = 3.0
"""Evidence from which a report is about an incident."""

MERGE = 4.6
"""Evidence from which two incidents are one: more than for a report, since a wrong merge takes an alert away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The weights of one kind of violence; ``weights.toml`` tells how they were set."""

    same_day: float
    day_in_range: float
    day_assumed: float
    day_vague: float
    day_unknown: float
    next_day: float
    other_day: float
    days_after: float
    week_after: float
    weeks_after: float
    rescued_day: float
    next_day_words: float
    next_day_later: float
    same_place: float
    site_in_town: float
    town_in_province: float
    same_province: float
    near: float
    unlocated: float
    broad: float
    unplaced: float
    at_sea: float
    other_place: float
    words_on_country: float
    same_type: float
    same_family: float
    vague_type: float
    unspecific_type: float
    confused_family: float
    other_family: float
    same_toll: float
    same_small_toll: float
    same_large_toll: float
    risen_toll: float
    other_toll: float
    far_toll: float
    corrected_toll: float
    raised_toll: float
    same_actor: float
    other_actor: float
    same_target: float
    same_site: float
    other_target: float
    same_name: float
    more_names: float
    same_surname: float
    same_person: float
    more_people: float
    other_people: float
    wording: float
    wording_floor: float
    wording_slope: float
    proper: float
    proper_slope: float
    proper_floor: float
    proper_unknown: float
    same_wire_text: float
    bias: float


@cache
def weights(kind: Literal["conflict", "personal"]) -> Weights:
    """Return the weights for reports of a kind of violence."""
    text = (resources.files("monitor.incidents") / "weights.toml").read_text(encoding="utf-8")
    return Weights(**{name: float(row[kind]) for name, row in tomllib.loads(text).items()})
