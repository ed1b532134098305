"""The sentences of an alert: what happened, where, how many; what changed; who condemned what.

Here is what is said and in which order; the words are data (``monitor.alerts.wording``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from monitor.alerts.wording import DEFAULT, Wording, wording
from monitor.incidents.snapshot import MEASURES
from schemas.alert import Alert, FigureChange
from schemas.delta import IncidentSnapshot
from schemas.reasons import AlertKind, AlertReason
from schemas.report import Count, Place, Statement

_UPDATES = {
    AlertReason.RESPONSIBILITY_CLAIMED: "claimed",
    AlertReason.MERGED: "merged",
    AlertReason.DISMISSED: "dismissed",
    AlertReason.REINSTATED: "reinstated",
}


def headline(incident: IncidentSnapshot, language: str = DEFAULT) -> str:
    """Return one line for an incident, e.g. "Air strike in Jurf al-Nasr, Babil (Iraq): at least 5 killed"."""
    words = wording(language)
    told = (_toll(getattr(incident, measure), measure, words) for measure in MEASURES)
    tolls = [toll for toll in told if toll]
    event = words.word("events", incident.event_type)
    if where := place(incident.place, words):
        event = words.say("headline", "event_in_place", event=event, place=where)
    if not tolls:
        return event
    joined = words.say("headline", "between_tolls").join(tolls)
    return words.say("headline", "with_tolls", event=event, tolls=joined)


def place(where: Place | None, words: Wording) -> str:
    """Return a place with its province and country, each once."""
    if where is None:
        return ""
    names = [where.name]
    if where.admin1 and where.admin1 != where.name:
        names.append(where.admin1)
    joined = words.say("headline", "between_names").join(names)
    if where.country and where.country != where.name:
        return words.say("headline", "place_in_country", place=joined, country=where.country)
    return joined


def number(count: Count, words: Wording) -> str:
    """Return a figure in words, e.g. "at least 5", "4 to 6", "12 or more"."""
    given = {"low": count.low, "best": count.best, "high": count.high}
    return words.say("figures", _shape(count), **given)


def _shape(count: Count) -> str:
    if count.best is None:
        if count.low is None:
            return "up_to"
        return "between" if count.high is not None else "or_more"
    if count.high is None:
        return "at_least"
    return "differ" if count.low is not None and count.low < count.best else "exact"


def _toll(count: Count | None, measure: str, words: Wording) -> str:
    if count is None:
        return ""
    name = words.word("measures", measure)
    if count.best == 0 and count.high == 0:
        return words.say("headline", "nobody", measure=name)
    return words.say("headline", "toll", number=number(count, words), measure=name)


def update(
    reason: AlertReason,
    incident: IncidentSnapshot,
    changes: Iterable[FigureChange],
    language: str = DEFAULT,
) -> str:
    """Return one line for what changed of an incident."""
    words = wording(language)
    about = headline(incident, language)
    if reason in _UPDATES:
        names = words.say("headline", "between_names").join(a.name for a in incident.claimed_by)
        return words.say("update", _UPDATES[reason], names=names, about=about)
    told = [_change(change, words) for change in changes]
    joined = words.say("update", "between_changes").join(told)
    return words.say("update", "changed", changes=joined, about=about) if told else about


def _change(change: FigureChange, words: Wording) -> str:
    """Return a figure before and after, e.g. "killed 4 -> 6"."""
    measure = words.word("measures", change.measure)
    after = number(change.after, words) if change.after else words.say("figures", "unknown")
    if change.before is None:
        return words.say("update", "first", measure=measure, after=after)
    before = number(change.before, words)
    return words.say("update", "change", measure=measure, before=before, after=after)


def condemnation(
    statement: Statement, incident: IncidentSnapshot | None, language: str = DEFAULT
) -> str:
    """Return one line for who condemned what."""
    words = wording(language)
    return words.say(
        "condemnation",
        "line",
        speaker=_speaker(statement, words),
        stance=words.word("stances", statement.stance),
        about=headline(incident, language) if incident else statement.target.text,
    )


def _speaker(statement: Statement, words: Wording) -> str:
    """Return who speaks, with the office where it is known and not the name itself."""
    who = statement.speaker
    office = who.role or who.affiliation
    if not office or office == who.name:
        return who.name
    return words.say("condemnation", "speaker", name=who.name, office=office)


def body(quote: str, incident: IncidentSnapshot | None, language: str = DEFAULT) -> str:
    """Return the words of the source under the headline, and how many independent sources there are."""
    words = wording(language)
    lines = [words.say("body", "quote", quote=quote.strip())] if quote.strip() else []
    if incident is not None:
        count = incident.independent_sources
        names = dict.fromkeys(source.source for source in incident.sources)
        outlets = words.say("headline", "between_names").join(names)
        key = "one_source" if count == 1 else "sources"
        lines.append(words.say("body", key, count=count, outlets=outlets))
    return "\n".join(lines)


def digest(alerts: Sequence[Alert], language: str = DEFAULT) -> tuple[str, str]:
    """Return the headline of alerts that are told together, and a line for each, in their order."""
    words = wording(language)
    lines = [words.say("digest", "line", headline=alert.title) for alert in alerts]
    return words.say("digest", "title", count=len(alerts)), "\n".join(lines)


def sink_disabled(sink: str, reason: AlertReason, language: str = DEFAULT) -> tuple[str, str]:
    """Return headline and text of the notice that a sink was disabled."""
    words = wording(language)
    why, remedy = words.say("notices", reason), words.say("notices", "remedy", sink=sink)
    return words.say("notices", "sink_disabled", sink=sink), f"{why} {remedy}"


def in_language(alert: Alert, language: str) -> Alert:
    """Return the alert with its headline and text in a language. Names and quotes stay as they were read.

    What a person wrote (a test alert's title) and what has no words of its own here stay as they are.
    """
    if language == DEFAULT:
        return alert
    if alert.kind is AlertKind.NOTICE:
        title, text = sink_disabled(alert.subject.removeprefix("sink:"), alert.reason, language)
        return replace(alert, title=title, text=text)
    if alert.status == "test":
        return replace(alert, text=wording(language).say("test", "text"))
    return replace(
        alert,
        title=_title(alert, language) or alert.title,
        text=body(alert.quote, alert.incident, language),
    )


def _title(alert: Alert, language: str) -> str:
    if alert.kind is AlertKind.CONDEMNATION and alert.statement is not None:
        return condemnation(alert.statement, alert.incident, language)
    if alert.incident is None:
        return ""
    if alert.kind is AlertKind.UPDATE:
        return update(alert.reason, alert.incident, alert.changes, language)
    return headline(alert.incident, language)
