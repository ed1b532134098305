"""Grade an alert in the words of CAP 1.2: severity, certainty, urgency, each with the rule that set it.

Source: OASIS Common Alerting Protocol 1.2, section 3.2.2 ("info" sub-elements). CAP names the words; the
figures behind them are ours: UCDP counts an armed conflict from 25 deaths a year, so that many dead in one
incident is extreme; one death is severe.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from schemas.alert import Alert
from schemas.delta import IncidentSnapshot
from schemas.reasons import AlertKind
from schemas.report import Count

EXTREME_KILLED = 25
EXTREME_HURT = 100
TWO_SOURCES = 2


class GradeRule(StrEnum):
    """Which rule set a grade."""

    TEST = "test"
    ABOUT_THE_MONITOR = "about_the_monitor"
    GRAVEST_OF_THE_DIGEST = "gravest_of_the_digest"
    MANY_KILLED = "many_killed"
    SOMEBODY_KILLED = "somebody_killed"
    SOMEBODY_HURT = "somebody_hurt"
    NOBODY_HURT = "nobody_hurt"
    TOLL_UNKNOWN = "toll_unknown"
    WORDS_ONLY = "words_only"
    TWO_INDEPENDENT_SOURCES = "two_independent_sources"
    ONE_SOURCE = "one_source"
    OFFICIAL_SPEAKER = "official_speaker"
    NEWS_OF_THE_EVENT = "news_of_the_event"
    CHANGE_OF_WHAT_IS_KNOWN = "change_of_what_is_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A word of CAP and the rule that chose it."""

    value: str
    rule: GradeRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """The three grades of an alert."""

    severity: Graded
    certainty: Graded
    urgency: Graded


def grade(alert: Alert) -> Grades:
    """Return the grades of an alert."""
    return Grades(severity=_severity(alert), certainty=_certainty(alert), urgency=_urgency(alert))


def _low(count: Count | None) -> int | None:
    if count is None:
        return None
    return count.best if count.best is not None else count.low


SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
"""From the gravest on. What is not known may be grave, and comes last since nothing says so."""


def _severity(alert: Alert) -> Graded:
    if alert.status == "test":
        return Graded(value="Minor", rule=GradeRule.TEST)
    if alert.status == "system":
        return Graded(value="Moderate", rule=GradeRule.ABOUT_THE_MONITOR)
    if alert.parts:
        words = {_severity(part).value for part in alert.parts}
        gravest = next(word for word in SEVERITIES if word in words)
        return Graded(value=gravest, rule=GradeRule.GRAVEST_OF_THE_DIGEST)
    if alert.incident is None:
        return Graded(value="Unknown", rule=GradeRule.WORDS_ONLY)
    return _severity_of(alert.incident)


def _severity_of(known: IncidentSnapshot) -> Graded:
    killed, injured, both = _low(known.killed), _low(known.injured), _low(known.casualties)
    if killed is None and injured is None and both is None:
        return Graded(value="Unknown", rule=GradeRule.TOLL_UNKNOWN)
    hurt = max((injured or 0) + (killed or 0), both or 0)
    if (killed or 0) >= EXTREME_KILLED or hurt >= EXTREME_HURT:
        return Graded(value="Extreme", rule=GradeRule.MANY_KILLED)
    if killed:
        return Graded(value="Severe", rule=GradeRule.SOMEBODY_KILLED)
    if hurt:
        return Graded(value="Moderate", rule=GradeRule.SOMEBODY_HURT)
    return Graded(value="Minor", rule=GradeRule.NOBODY_HURT)


def _certainty(alert: Alert) -> Graded:
    if alert.status == "test":
        return Graded(value="Observed", rule=GradeRule.TEST)
    if alert.status == "system":
        return Graded(value="Observed", rule=GradeRule.ABOUT_THE_MONITOR)
    if alert.kind is AlertKind.CONDEMNATION:
        return Graded(value="Likely", rule=GradeRule.OFFICIAL_SPEAKER)
    if alert.incident is not None and alert.incident.independent_sources >= TWO_SOURCES:
        return Graded(value="Observed", rule=GradeRule.TWO_INDEPENDENT_SOURCES)
    return Graded(value="Likely", rule=GradeRule.ONE_SOURCE)


def _urgency(alert: Alert) -> Graded:
    if alert.status == "test":
        return Graded(value="Past", rule=GradeRule.TEST)
    if alert.kind in (AlertKind.ATTACK, AlertKind.STRIKE):
        return Graded(value="Immediate", rule=GradeRule.NEWS_OF_THE_EVENT)
    return Graded(value="Expected", rule=GradeRule.CHANGE_OF_WHAT_IS_KNOWN)
