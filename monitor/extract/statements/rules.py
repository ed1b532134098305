"""Find what is said about incidents: condemn, denounce, reject, and the stances that do not alert.

A cue is a verb ("condemns"), a noun with a verb of expressing ("expressed its condemnation of"), or
words that say as much ("a heinous crime", "hold ... fully responsible"). Its speaker is found by the
parse, or is the speaker of the quotation it stands in; a call on others to condemn, a refusal, a
negation and a hypothesis are no statements. One statement stands for each principal and target.
CAMEO 111, PLOVER ACCUSE.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.officials import words as office_words
from monitor.extract.statements import cues as statement_cues
from monitor.extract.statements import targets as statement_targets
from monitor.extract.statements.speech import listen
from monitor.extract.statements.words import words
from schemas.reasons import Stance
from schemas.report import Statement, StatementTarget

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.extract.facts import Day, Reading
    from monitor.extract.officials.offices import Voice
    from monitor.extract.statements.cue import Cue
    from schemas.report import DayRange, ReportedIncident

MAX_QUOTE_CHARS = 400
# A speaker who condemns twice in one article condemns once: the clearest wording stands.
_STRENGTH = (
    Stance.CONDEMN,
    Stance.DENOUNCE,
    Stance.REJECT,
    Stance.DENY,
    Stance.DISPUTE,
    Stance.THREATEN,
    Stance.CALL_FOR,
    Stance.CLAIM,
)
_MACHINES = ("cyber", "hack", "ransomware", "malware", "phishing")
_ALERTING = frozenset((Stance.CONDEMN, Stance.DENOUNCE, Stance.REJECT))


def find(
    reading: Reading,
    incidents: Sequence[ReportedIncident],
    days: Sequence[Day] = (),
    harmless: frozenset[tuple[int, int]] = frozenset(),
) -> tuple[Statement, ...]:
    """Return the statements of the article, one for each principal and target, in order.

    `incidents` are those assembled from the article; their evidence tells which one a statement is
    about. `days` are the dates found in it, `harmless` the words (sentence, token) that tell no violence here.
    """
    if not any(statement_cues.may_hold(sentence) for sentence in reading.sentences):
        return ()
    home = statement_targets.home_of(reading, incidents)
    talks, register = listen(
        reading, home, words().speech | frozenset(words().verbs), words().messages
    )
    register.silence()
    cues: list[Cue] = []
    for sentence, talk in zip(reading.sentences, talks, strict=True):
        register.hear(talk.voice or talk.actor)
        cues += statement_cues.find(sentence, talk, register)
    cues = _without_bare_headlines(cues)
    plain = {
        cue.voice.principal for cue in cues if not cue.in_other_words and cue.stance in _ALERTING
    }
    of_violence = bool(incidents) or not _is_of_machines(reading)
    return _merged(
        _statement(cue, incidents, days, of_violence and not _of_harmless(cue, harmless))
        for cue in cues
        if not (cue.in_other_words and cue.voice.principal in plain)
    )


def _without_bare_headlines(cues: list[Cue]) -> list[Cue]:
    """Leave out "Ministry condemns attack" of a headline where the text says which ministry does.

    So with "Mexican governor condemns" where the text names the governor of a state.
    """
    told = [cue for cue in cues if not (cue.sentence.headline or _is_heading(cue))]
    principals = {cue.voice.principal for cue in told}
    cues = [c for c in cues if not (_is_heading(c) and c.voice.principal in principals)]
    in_text = {_office_of(cue.voice) for cue in told if cue.voice.person} - {""}
    # "Myanmar shadow government" over a text in which "Myanmar's National Unity Government" speaks.
    of_land = {(_office_of(cue.voice), cue.voice.country) for cue in told if cue.voice.country}
    return [
        cue
        for cue in cues
        if not (
            told
            and cue.sentence.headline
            and (_is_bare(cue.voice, in_text) or _is_told_by_name(cue.voice, of_land, principals))
        )
    ]


def _is_told_by_name(voice: Voice, of_land: set[tuple[str, str]], principals: set[str]) -> bool:
    """Say whether the text has another name for a body or an office of the headline, of the same country."""
    office = _office_of(voice)
    told = bool(office) and (office, voice.country) in of_land
    return told and not voice.person and voice.principal not in principals


# "Japan condemns attack" over an entry of a live page.
MAX_HEADING_TOKENS = 10


def _is_heading(cue: Cue) -> bool:
    """Say whether it stands in a line of the text that is a heading: short, alone in its paragraph, without a stop."""
    span = cue.sentence.span
    whole = len(span) == len(span.doc) <= MAX_HEADING_TOKENS
    return whole and not cue.sentence.headline and span[-1].is_alpha


def _is_bare(voice: Voice, in_text: set[str]) -> bool:
    return office_words.is_bare(voice.name) or (not voice.person and _office_of(voice) in in_text)


def _office_of(voice: Voice) -> str:
    """Return the office of a voice that stands alone: the "governor" of "guanajuato governor"."""
    return voice.principal.rsplit(" ", 1)[-1] if voice.principal.startswith("org:") else ""


def _is_of_machines(reading: Reading) -> bool:
    """Say whether the attack of an article without incidents is one on computers."""
    lower = (token.lower_ for sentence in reading.sentences for token in sentence.span)
    return any(word.startswith(_MACHINES) for word in lower)


def _of_harmless(cue: Cue, harmless: frozenset[tuple[int, int]]) -> bool:
    """Say whether all that a stance is about are such words: "condemned the strike" of nurses."""
    if cue.over is not None and (cue.sentence.index, cue.over) in harmless:
        # "Slammed Macron for his attack on the policy."
        return True
    return bool(cue.heads) and all((cue.sentence.index, h.i) in harmless for h in cue.heads)


def _statement(
    cue: Cue, incidents: Sequence[ReportedIncident], days: Sequence[Day], of_violence: bool
) -> Statement:
    sentence = cue.sentence
    text = statement_targets.text_of(cue)
    evidence = [sentence.evidence(cue.token, cue.token + 1, cue.stance.value)]
    return Statement(
        speaker=cue.voice.speaker(),
        official=cue.voice.official,
        stance=cue.stance,
        target=StatementTarget(
            text=text,
            incident=statement_targets.incident_of(cue, incidents),
            violent=of_violence and statement_targets.is_violent(cue, incidents),
        ),
        date=_day(cue, days),
        quote=sentence.text.strip()[:MAX_QUOTE_CHARS],
        evidence=tuple(evidence),
    )


def _day(cue: Cue, days: Sequence[Day]) -> DayRange | None:
    """Return the day nearest to the verb of saying, outside of what is condemned."""
    here = [
        day
        for day in days
        if day.sentence in (cue.sentence.index, cue.since)
        and not day.since
        and not (day.sentence == cue.sentence.index and cue.holds(day.start))
    ]
    own = [day for day in here if day.sentence == cue.sentence.index] or here
    best = min(own, key=lambda day: abs(day.start - cue.token), default=None)
    return best.days if best else None


def _merged(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Return one statement for each principal and target; alerting stances count as one."""
    kept: dict[tuple[str, str, str], Statement] = {}
    for statement in statements:
        key = _key(statement)
        other = kept.get(key)
        if other is None or _better(statement, other):
            kept[key] = statement
    return tuple(_without_general(list(kept.values())))


def _key(statement: Statement) -> tuple[str, str, str]:
    stance = "alerting" if statement.stance in _ALERTING else statement.stance.value
    incident = statement.target.incident
    return statement.speaker.principal, stance, "class" if incident is None else str(incident)


def _better(statement: Statement, other: Statement) -> bool:
    def rank(one: Statement) -> tuple[bool, int, bool]:
        return not one.target.violent, _STRENGTH.index(one.stance), not one.target.text

    return rank(statement) < rank(other)


# "Opposes terrorism in all its forms" says no more than the condemnation before it.
_IN_PRINCIPLE = ("all forms", "terrorism", "violence")


def _is_summary(statement: Statement) -> bool:
    """Say whether a headline tells the incident by its class, or it is a principle beside the condemnation of it."""
    in_principle = statement.target.text.lower().startswith(_IN_PRINCIPLE)
    return in_principle or statement.evidence[0].field == "title"


def _without_general(statements: list[Statement]) -> list[Statement]:
    """Leave out a condemnation of nothing in particular where the same principal condemns an incident.

    One of a class of attacks stays, unless it is the headline that tells the incident by its class.
    """
    specific = {
        s.speaker.principal
        for s in statements
        if s.stance in _ALERTING and s.target.incident is not None
    }
    return [
        s
        for s in statements
        if s.stance not in _ALERTING
        or s.target.incident is not None
        or s.speaker.principal not in specific
        or (statement_targets.is_class(s.target.text) and not _is_summary(s))
    ]
