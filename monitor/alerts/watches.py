"""Does a watch want this? Each check gives the reason for silence, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.alerts.policy import Box, QuietHours, Watch
from monitor.incidents.wording import fold
from schemas.article import ArticleRef
from schemas.correction import EDITOR
from schemas.delta import IncidentSnapshot
from schemas.reasons import AlertKind, EventType, Silence
from schemas.report import Count, Named, Place, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What an alert would be about. A statement about a class of attacks has no incident."""

    kind: AlertKind
    article: ArticleRef | None
    incident: IncidentSnapshot | None
    statement: Statement | None = None


def refusal(watch: Watch, matter: Matter) -> Silence | None:
    """Return why a watch does not want this, ``None`` where it does."""
    if not _wanted_kind(watch, matter) or not is_inside(watch, matter):
        return Silence.OUTSIDE_WATCH
    if not _wanted_source(watch, matter.article) or not names_actor(watch.actors, matter):
        return Silence.OUTSIDE_WATCH
    if matter.incident is not None:
        short = _falls_short(watch, matter.incident)
        if short is not None:
            return short
    return Silence.QUIET_HOURS if _is_quiet(watch.quiet_hours, matter) else None


def least(count: Count | None) -> int | None:
    """Return how many there were at least; the best figure where there is no lower bound."""
    if count is None:
        return None
    return count.best if count.best is not None else count.low


def _wanted_kind(watch: Watch, matter: Matter) -> bool:
    """Return whether the kind is wanted. An update counts as its incident's kind, unless updates are listed."""
    if not watch.kinds or matter.kind in watch.kinds:
        return True
    updates_open = matter.kind is AlertKind.UPDATE and AlertKind.CONDEMNATION not in watch.kinds
    return (
        updates_open
        and matter.incident is not None
        and AlertKind(matter.incident.kind) in watch.kinds
    )


def is_inside(watch: Watch, matter: Matter) -> bool:
    """Return whether it happened where the watch looks, or is said by a country that it names."""
    if not (watch.countries or watch.boxes or watch.places):
        return True
    place = matter.incident.place if matter.incident else None
    if place is None:
        return _country_in(watch.countries, _countries_of(matter))
    return (
        _country_in(watch.countries, (place.country_code, place.country))
        or any(_in_box(box, place) for box in watch.boxes)
        or any(_in_place(name, place) for name in watch.places)
    )


def _countries_of(matter: Matter) -> tuple[str | None, ...]:
    """Return the countries of words about a class of attacks: the speaker's and those named in its target."""
    if matter.statement is None:
        return ()
    principal = matter.statement.speaker.principal
    state = principal.removeprefix("state:") if principal.startswith("state:") else None
    return (matter.statement.speaker.country, state)


def _country_in(wanted: Iterable[str], found: Iterable[str | None]) -> bool:
    folded = {fold(name) for name in wanted}
    return any(name is not None and fold(name) in folded for name in found)


def _in_box(box: Box, place: Place) -> bool:
    if place.lat is None or place.lon is None or not box.south <= place.lat <= box.north:
        return False
    if box.west <= box.east:
        return box.west <= place.lon <= box.east
    return place.lon >= box.west or place.lon <= box.east


def _in_place(name: str, place: Place) -> bool:
    wanted = fold(name)
    return wanted in (fold(place.name), fold(place.admin1 or ""))


def _wanted_source(watch: Watch, article: ArticleRef | None) -> bool:
    if article is None:
        return not (watch.sources or watch.languages)
    if article.source == EDITOR:
        return True
    if watch.sources and article.source not in watch.sources:
        return False
    return not watch.languages or article.language in watch.languages


def names_actor(actors: Iterable[str], matter: Matter) -> bool:
    """Return whether one of the actors is named as a party to the incident or in the words on it; so where none is given."""
    wanted = [fold(actor) for actor in actors]
    if not wanted:
        return True
    incident = matter.incident
    named: tuple[Named, ...] = ()
    if incident is not None:
        named = (*incident.perpetrators, *incident.claimed_by, *incident.targets)
    text = [matter.statement.target.text] if matter.statement else []
    found = " | ".join(fold(name) for name in [*(n.name for n in named), *text])
    return any(actor in found for actor in wanted)


def _falls_short(watch: Watch, incident: IncidentSnapshot) -> Silence | None:
    killed = least(incident.killed) or 0
    if killed < watch.min_killed:
        return Silence.BELOW_THRESHOLD
    if incident.independent_sources < watch.confirmations:
        return Silence.UNCONFIRMED
    if watch.political_only and _is_ordinary(incident):
        return Silence.OUTSIDE_WATCH
    return None


_ORDINARY = frozenset(
    {
        EventType.ARMED_ATTACK,
        EventType.STABBING,
        EventType.ARSON,
        EventType.ABDUCTION,
        EventType.VEHICLE_ATTACK,
        EventType.OTHER_VIOLENCE,
    }
)


def _is_ordinary(incident: IncidentSnapshot) -> bool:
    """Return whether nothing tells the incident from ordinary crime: no actor and no target has a name."""
    named = (*incident.perpetrators, *incident.claimed_by, *incident.targets)
    return incident.event_type in _ORDINARY and not named


def _is_quiet(quiet: QuietHours | None, matter: Matter) -> bool:
    article = matter.article
    at = (article.published or article.fetched_at) if article else None
    if quiet is None or at is None or is_grave(quiet.unless_killed, matter.incident):
        return False
    return is_within(quiet, at)


def is_grave(unless_killed: int | None, incident: IncidentSnapshot | None) -> bool:
    """Return whether an incident has so many dead that it is told at any hour."""
    if unless_killed is None or incident is None:
        return False
    return (least(incident.killed) or 0) >= unless_killed


def is_within(quiet: QuietHours, at: datetime) -> bool:
    """Return whether a moment is in the hours."""
    local = at.astimezone(ZoneInfo(quiet.zone)).time()
    if quiet.start <= quiet.end:
        return quiet.start <= local < quiet.end
    return local >= quiet.start or local < quiet.end
