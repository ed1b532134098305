"""Story lines: articles of several outlets over hours or days, and what must and must not be told.

A file under ``stories`` holds stories whose articles come with their reports, so that linking, figures and
alert rules are tested without extraction; one under ``texts`` holds articles as text, which run through
the whole chain. What a story expects is complete: an alert or a changed figure that is not listed fails it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import yaml
from report_records import incident, one_day, report, statement, tally, unique

from monitor.alerts.policy import REPLAY, AlertPolicy, Box, QuietHours, Updates, Watch
from monitor.incidents.policy import TrackPolicy
from monitor.replay import Player, ReplaySettings
from schemas.article import Article, UniqueArticle
from schemas.reasons import (
    AlertKind,
    EventType,
    Kind,
    Outcome,
    PlacePrecision,
    Stance,
    TallyMeasure,
)
from schemas.report import (
    Count,
    DayRange,
    Evidence,
    Named,
    Place,
    Report,
    ReportedIncident,
    Statement,
    Tally,
    TallyPart,
)
from schemas.silence import Mute

HERE = Path(__file__).parent
PLACES = yaml.safe_load((HERE / "places.yaml").read_text(encoding="utf-8"))

AERIAL = {EventType.AIR_STRIKE, EventType.DRONE_STRIKE, EventType.SHELLING_MISSILE}


@dataclass(frozen=True)
class Story:
    """One story line as its file has it."""

    name: str
    data: dict[str, Any]

    @property
    def articles(self) -> list[dict[str, Any]]:
        return self.data["articles"]

    @property
    def expect(self) -> dict[str, Any]:
        return self.data["expect"]


def stories(folder: str) -> list[Story]:
    """Return all stories of a folder, in order of file and place."""
    return [
        Story(name=f"{path.stem}: {data['story']}", data=data)
        for path in sorted((HERE / folder).glob("*.yaml"))
        for data in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


class NoReader:
    """Stands where extraction would; the stories bring their reports."""

    def read_many(self, articles: Iterable[Article]) -> Iterator[Report]:
        raise AssertionError


def alert_policy(story: Story) -> AlertPolicy:
    """Return the policy of a story: that of replay unless it brings watches, mutes or staleness."""
    given = story.data.get("policy", {})
    watches = tuple(_watch(w) for w in given.get("watches", []))
    hours = given.get("max_age_h")
    return AlertPolicy(
        watches=watches or REPLAY.watches,
        mutes=tuple(_mute(m) for m in given.get("mutes", [])),
        max_age=timedelta(hours=hours) if hours else None,
        cold_start=given.get("cold_start", False),
    )


def _watch(data: dict[str, Any]) -> Watch:
    fields = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    if "boxes" in fields:
        fields["boxes"] = tuple(Box(**b) for b in fields["boxes"])
    if "kinds" in fields:
        fields["kinds"] = tuple(AlertKind(k) for k in fields["kinds"])
    if "quiet_hours" in fields:
        quiet = dict(fields["quiet_hours"])
        quiet |= {k: time.fromisoformat(quiet[k]) for k in ("start", "end")}
        fields["quiet_hours"] = QuietHours(**quiet)
    if "updates" in fields:
        updates = {k: tuple(v) if isinstance(v, list) else v for k, v in fields["updates"].items()}
        fields["updates"] = Updates(**updates)
    return Watch(**fields)


def _mute(data: dict[str, Any]) -> Mute:
    start = datetime.min.replace(tzinfo=UTC)
    fields = {"mute_id": "sil", "made_at": start, "starts_at": start, "ends_at": data["until"]}
    return msgspec.convert(fields | data, Mute)


def player(story: Story) -> Player:
    settings = ReplaySettings(track=TrackPolicy(), alert=alert_policy(story))
    return Player(NoReader(), settings)


def pairs(story: Story) -> list[tuple[Report, UniqueArticle]]:
    """Return the story's reports with their articles, in order of arrival."""
    return [_pair(a, story.articles) for a in story.articles]


def play(story: Story, order: Iterable[int] | None = None) -> list[dict[str, Any]]:
    """Return the events of a story, its articles in the order given."""
    given = pairs(story)
    chain = player(story)
    turns = range(len(given)) if order is None else order
    return [event for n in turns for event in chain.events(*given[n])]


def told(events: Iterable[dict[str, Any]], kinds: tuple[str, ...]) -> list[str]:
    """Return alerts in short: ``article kind``, with the speaker of a condemnation and the reason of an update."""
    out = []
    for event in events:
        if event["type"] != "alert" or event["kind"] not in kinds:
            continue
        words = [event["article_id"], event["kind"]]
        if event["kind"] == "condemnation":
            words.append("by " + event["speaker"]["name"])
        if event["kind"] == "update":
            words = [event["article_id"], event["reason"]]
        if list(event["watches"]) != ["everything"]:
            words.append("to " + "+".join(event["watches"]))
        out.append(" ".join(words))
    return out


def changes(events: Iterable[dict[str, Any]]) -> list[str]:
    """Return the changed figures in short: ``article measure before -> after`` by best figure, else lower bound."""
    out = []
    for event in events:
        if event["type"] != "delta" or value(event["before"]) == value(event["after"]):
            continue
        before = value(event["before"])
        shown = "?" if before is None else before
        out.append(f"{event['article_id']} {event['measure']} {shown} -> {value(event['after'])}")
    return out


def value(count: dict[str, Any] | None) -> int | None:
    if count is None:
        return None
    return count["best"] if count["best"] is not None else count["low"]


def final_figures(events: Iterable[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the last snapshot of each incident that was not merged into another."""
    last: dict[str, dict[str, Any]] = {}
    for event in events:
        if event["type"] == "delta" and event.get("incident"):
            last[event["incident_id"]] = event["incident"]
            if event.get("merged_from"):
                last.pop(event["merged_from"], None)
    return last


def _pair(data: dict[str, Any], everything: list[dict[str, Any]]) -> tuple[Report, UniqueArticle]:
    by_id = {a["id"]: a for a in everything}
    copied = by_id[data["copy_of"]] if "copy_of" in data else None
    origin = copied["from"] if copied else data["from"]
    text_id = str(copied["id"] if copied else data["id"])
    outcome = Outcome.COPY if copied else Outcome.REVISION if data.get("revises") else Outcome.NEW
    article_id = str(data.get("revises", data["id"]))
    told = unique(
        article_id,
        data["from"],
        _time(data.get("at")),
        title=data.get("title", ""),
        text=data.get("text", str(data["id"])),
        language=data.get("language", "en"),
        fetched_at=_time(data.get("fetched")),
        known_at_start=data.get("known_at_start", False),
        outcome=outcome,
        cluster_id="c-" + text_id,
        origin=origin,
    )
    return _report(article_id, data), told


def _time(text: str | datetime | None) -> datetime | None:
    if text is None:
        return None
    at = text if isinstance(text, datetime) else datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _report(article_id: str, data: dict[str, Any]) -> Report:
    return report(
        (_incident(n, i, data) for n, i in enumerate(data.get("incidents", []))),
        (_statement(s) for s in data.get("statements", [])),
        (_tally(t) for t in data.get("tallies", [])),
        report_id=article_id,
    )


def _incident(ordinal: int, data: dict[str, Any], article: dict[str, Any]) -> ReportedIncident:
    event = EventType(data.get("type", "other_violence"))
    default = Kind.STRIKE if event is EventType.AIR_STRIKE else Kind.ATTACK
    return incident(
        ordinal,
        kind=Kind(data.get("kind", default)),
        event_type=event,
        day=days(data.get("day")),
        place=place(data.get("place")),
        killed=count(data.get("killed")),
        injured=count(data.get("injured")),
        casualties=count(data.get("casualties")),
        perpetrators=_named(data.get("by")),
        claimed_by=_named(data.get("claimed_by")),
        targets=_named(data.get("target")),
        weapon=data.get("weapon"),
        names=tuple(data.get("names", [])),
        background=data.get("background", False),
        correction=data.get("correction", False),
        quote=data.get("quote", article.get("title", "")),
        evidence=(Evidence(start=0, end=1, field="text", fact="trigger"),) * data.get("undated", 0),
    )


def _named(names: str | list[str] | None) -> tuple[Named, ...]:
    given = [names] if isinstance(names, str) else names or []
    return tuple(Named(name=name, text=name) for name in given)


def days(given: Any) -> DayRange | None:
    """Return a day, or the days of ``first/last``."""
    if given is None:
        return None
    if isinstance(given, date):
        return one_day(given)
    first, _, last = str(given).partition("/")
    start = date.fromisoformat(first)
    return DayRange(first=start, last=date.fromisoformat(last) if last else start)


def place(name: str | None) -> Place | None:
    """Return a place of ``places.yaml``."""
    if name is None:
        return None
    row = PLACES[name]
    return Place(
        name=row.get("name", name),
        admin1=row.get("admin1"),
        country=row["country"],
        country_code=row["code"],
        lat=row.get("lat"),
        lon=row.get("lon"),
        precision=PlacePrecision(row.get("precision", "town")),
    )


_COUNT = re.compile(r"(>=)?(\d+)(?:-(\d+))?$")


def count(given: Any) -> Count | None:
    """Return 4, ">=4" (at least), "dozens" (a vague word), "3-5" (a range)."""
    if given is None:
        return None
    if given == "dozens":
        return Count(low=12, best=None, high=None)
    match = _COUNT.match(str(given))
    assert match, given
    n = int(match[2])
    if match[1]:
        return Count(low=n, best=n, high=None)
    if match[3]:
        return Count(low=n, best=None, high=int(match[3]))
    return Count(low=n, best=n, high=n)


def _statement(data: dict[str, Any]) -> Statement:
    return statement(
        about=data.get("incident"),
        principal=data.get("principal", ""),
        name=data["by"],
        stance=Stance(data.get("stance", "condemn")),
        official=data.get("official", True),
        country=data.get("country"),
        role=data.get("role"),
        text=data.get("of", ""),
        quote=data.get("quote", ""),
    )


def _tally(data: dict[str, Any]) -> Tally:
    return tally(
        count(data["value"]),
        TallyMeasure(data.get("what", "attacks")),
        victims=data.get("victims"),
        area=tuple(data.get("area", [])),
        since=data.get("since"),
        since_text=data.get("since_text"),
        parts=tuple(
            TallyPart(name=name, value=count(n)) for name, n in data.get("parts", {}).items()
        ),
        source=data.get("source"),
    )
