"""What the readers of `monitor.extract` hand to each other: sentences of one article, and facts found in them.

An article becomes a `Reading`: its title and the paragraphs of its text, each parsed for itself, furniture left
out, in sentences that know where they stand in the article. Each reader (numbers, dates, places ...) finds facts
in it; ``assemble`` puts them together. A fact names its tokens by their index in ``sentence.doc`` (half-open), so
that it can be tied to others by the parse, and its evidence by ``sentence.evidence``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.reasons import EventType, Factuality, Kind
from schemas.report import Count, DayRange, Evidence, Named, Place

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence. ``doc`` is the parse of its whole paragraph, ``offset`` where that paragraph starts in ``field``.

    ``headline`` marks the title's, and where a feed gives none, those of the line that stands in its place.
    """

    index: int
    paragraph: int
    field: str
    offset: int
    span: Span
    headline: bool = False

    @property
    def doc(self) -> Doc:
        """The parse of the paragraph that the sentence stands in."""
        return self.span.doc

    @property
    def text(self) -> str:
        """The words of the sentence as they stand in the article."""
        return str(self.span.text)

    @property
    def asks(self) -> bool:
        """Whether it is a headline that asks and so says nothing for sure: "Did jets hit the school?"."""
        return self.headline and self.text.rstrip().endswith("?")

    def evidence(self, start: int, end: int, fact: str) -> Evidence:
        """Return the evidence for the tokens ``[start, end)`` of ``doc``."""
        tokens = self.doc[start:end]
        return Evidence(
            start=self.offset + tokens.start_char,
            end=self.offset + tokens.end_char,
            field=self.field,
            fact=fact,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Reading:
    """One article being read. ``published`` is aware UTC or ``None``; sentences are in order, the title first."""

    article_id: str
    source: str
    published: datetime | None
    utc_offset_minutes: int | None
    sentences: tuple[Sentence, ...]
    title: str = ""
    language: str | None = None
    source_country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a fact was found: the sentence's index in the reading, and tokens ``[start, end)`` of its ``doc``."""

    sentence: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Found):
    """A quantity of anything: "two dozen", "at least 14", "several". ``head`` is the token it counts, if any."""

    count: Count
    head: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Found):
    """A time expression resolved to days. ``since`` marks "since October 17", ``vague`` "recently", "last year"."""

    days: DayRange
    since: bool = False
    vague: bool = False
    from_dateline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceName(Found):
    """A place named in the text, resolved. ``locative`` where a preposition makes it a where ("in", "near", "on")."""

    place: Place
    locative: bool = False
    dateline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Casualty(Found):
    """A claim of how many were killed, injured, or hurt without split.

    ``verb`` is the token that hurts (killed, died, wounded, toll ...). ``part`` marks "among them four
    police officers" (never added to the whole), ``victims`` the nouns counted, ``names`` the persons named.
    ``perpetrator`` marks the dead attackers ("the bomber was killed"), ``running`` a total over a period,
    ``total`` a stated sum ("bringing the toll to 14"), ``more`` an addition ("another two died"), ``definite``
    people spoken of before ("the three men", "he"); ``another`` an addition in so many words ("another two died").
    """

    measure: str
    count: Count
    verb: int | None = None
    part: bool = False
    victims: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    perpetrator: bool = False
    running: bool = False
    correction: bool = False
    total: bool = False
    more: bool = False
    another: bool = False
    definite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor(Found):
    """Somebody who can act, suffer or speak, by a canonical name.

    ``state`` is true for a state's armed forces and coalitions of them; ``role`` says how the parse
    ties it to ``trigger``: ``agent``, ``patient``, ``claimant`` or ``None``.
    """

    who: Named
    state: bool = False
    role: str | None = None
    trigger: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Found):
    """A word that may tell an event, and what was made of it.

    ``head`` is the token that stands for it in the parse. ``kept`` with ``why`` (a reason of
    ``monitor.extract.events.rules``) says whether it is one. ``definite`` marks "the attack", "these strikes".
    """

    head: int
    event_type: EventType
    why: str
    kept: bool
    kind: Kind | None = None
    weapon: str | None = None
    factuality: Factuality = Factuality.ASSERTED
    definite: bool = False
    plural: bool = False
    notes: tuple[str, ...] = field(default=())
