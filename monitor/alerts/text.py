"""The sentences of an alert: what happened, where, how many; what changed; who condemned what."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.alert import FigureChange
from schemas.delta import IncidentSnapshot
from schemas.reasons import AlertReason, EventType, Stance
from schemas.report import Count, Place, Statement

_EVENTS = {
    EventType.AIR_STRIKE: "Air strike",
    EventType.DRONE_STRIKE: "Drone attack",
    EventType.SHELLING_MISSILE: "Missile or artillery fire",
    EventType.IED: "Bombing",
    EventType.SUICIDE_BOMBING: "Suicide bombing",
    EventType.GRENADE: "Grenade attack",
    EventType.ARMED_ATTACK: "Armed attack",
    EventType.ARMED_CLASH: "Armed clash",
    EventType.ASSASSINATION: "Assassination",
    EventType.ABDUCTION: "Abduction",
    EventType.STABBING: "Stabbing",
    EventType.VEHICLE_ATTACK: "Vehicle attack",
    EventType.ARSON: "Arson attack",
    EventType.CHEMICAL_WEAPON: "Chemical attack",
    EventType.OTHER_VIOLENCE: "Attack",
}

_MEASURES = {"killed": "killed", "injured": "injured", "casualties": "killed or injured"}

_STANCES = {
    Stance.CONDEMN: "condemns",
    Stance.DENOUNCE: "denounces",
    Stance.REJECT: "rejects",
}


def headline(incident: IncidentSnapshot) -> str:
    """Return one line for an incident, e.g. "Air strike in Jurf al-Nasr, Babil (Iraq): at least 5 killed"."""
    tolls = [
        text
        for measure, words in _MEASURES.items()
        if (text := _toll(getattr(incident, measure), words))
    ]
    where = place(incident.place)
    event = _EVENTS[incident.event_type] + (f" in {where}" if where else "")
    return f"{event}: {', '.join(tolls)}" if tolls else event


def place(where: Place | None) -> str:
    """Return a place with its province and country, each once."""
    if where is None:
        return ""
    names = [where.name]
    if where.admin1 and where.admin1 != where.name:
        names.append(where.admin1)
    if where.country and where.country != where.name:
        return f"{', '.join(names)} ({where.country})"
    return ", ".join(names)


def number(count: Count) -> str:
    """Return a figure in words, e.g. "at least 5", "4 to 6", "12 or more"."""
    if count.best is None:
        if count.low is None:
            return f"up to {count.high}"
        return f"{count.low} to {count.high}" if count.high is not None else f"{count.low} or more"
    if count.high is None:
        return f"at least {count.best}"
    if count.low is not None and count.low < count.best:
        return f"{count.best} (sources differ: {count.low} to {count.high})"
    return str(count.best)


def _toll(count: Count | None, words: str) -> str:
    if count is None:
        return ""
    if count.best == 0 and count.high == 0:
        return f"nobody {words}"
    return f"{number(count)} {words}"


def update(reason: AlertReason, incident: IncidentSnapshot, changes: Iterable[FigureChange]) -> str:
    """Return one line for what changed of an incident."""
    about = headline(incident)
    if reason is AlertReason.RESPONSIBILITY_CLAIMED:
        names = ", ".join(actor.name for actor in incident.claimed_by)
        return f"Claimed by {names}: {about}"
    if reason is AlertReason.MERGED:
        return f"Two reports are one incident: {about}"
    if reason is AlertReason.DISMISSED:
        return f"Withdrawn by an editor: {about}"
    if reason is AlertReason.REINSTATED:
        return f"Stands again: {about}"
    told = "; ".join(change_text(change) for change in changes)
    return f"{told} - {about}" if told else about


def change_text(change: FigureChange) -> str:
    """Return a figure before and after, e.g. "killed 4 -> 6"."""
    words = _MEASURES.get(change.measure, change.measure)
    after = number(change.after) if change.after else "unknown"
    if change.before is None:
        return f"{words}: {after}"
    return f"{words} {number(change.before)} -> {after}"


def condemnation(statement: Statement, incident: IncidentSnapshot | None) -> str:
    """Return one line for who condemned what."""
    about = headline(incident) if incident else statement.target.text
    return f"{speaker(statement)} {_STANCES.get(statement.stance, statement.stance)}: {about}"


def speaker(statement: Statement) -> str:
    """Return who speaks, with the office where it is known and not the name itself."""
    who = statement.speaker
    office = who.role or who.affiliation
    return f"{who.name} ({office})" if office and office != who.name else who.name


def body(quote: str, incident: IncidentSnapshot | None) -> str:
    """Return the words of the source under the headline, and how many independent sources there are."""
    lines = [f"“{quote.strip()}”"] if quote.strip() else []
    if incident is not None:
        count = incident.independent_sources
        outlets = ", ".join(dict.fromkeys(source.source for source in incident.sources))
        lines.append(f"{count} independent source{'' if count == 1 else 's'}: {outlets}.")
    return "\n".join(lines)
