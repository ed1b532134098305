"""A mention's incidents as claims: what linking and figures need, without the article's text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from monitor.incidents.places import is_broad
from monitor.incidents.subjects import principal_of
from monitor.incidents.wording import content_words, fold
from schemas.article import ArticleRef
from schemas.mention import Mention
from schemas.reasons import Outcome
from schemas.report import ReportedIncident, Statement
from schemas.state import Claim, Stated

EARLIEST = datetime.min.replace(tzinfo=UTC)
"""Stands for the time of an article that has none: it is taken before all others."""

MAX_NAMES = 12
"""Names, victims and targets kept of a claim; bounds the row."""

MAX_QUOTE = 400
"""Characters kept of a quote, the report's own limit."""


def time_of(article: ArticleRef) -> datetime | None:
    """Return when an article counts as said: published, else fetched (ARCHITECTURE.md, "Ids and time").

    An article dated after its own fetch counts from the fetch: a date in the future must not close incidents.
    """
    if article.published and article.fetched_at:
        return min(article.published, article.fetched_at)
    return article.published or article.fetched_at


def order_of(claim: Claim) -> tuple[datetime, str, int]:
    """Return the place of a claim in time; ties are broken by what is the same on every replay."""
    return (claim.at or EARLIEST, claim.article_id, claim.ordinal)


def claims_of(mention: Mention) -> tuple[Claim, ...]:
    """Return the claims of a mention in the order of their ordinals."""
    lead = _lead(mention.incidents)
    return tuple(
        _claim(
            mention.article,
            incident,
            spoken=_is_spoken_of(incident, mention.statements),
            lead=lead,
            proper=mention.words if incident.ordinal == lead else (),
            people=mention.people if incident.ordinal == lead else (),
        )
        for incident in sorted(mention.incidents, key=lambda i: i.ordinal)
    )


def stated_of(mention: Mention) -> tuple[Stated, ...]:
    """Return the stances of a mention towards its incidents."""
    return tuple(
        Stated(
            principal=principal_of(statement),
            stance=statement.stance,
            official=statement.official,
            article_id=mention.article.article_id,
            ordinal=statement.target.incident,
            speaker=fold(statement.speaker.name),
            at=time_of(mention.article),
            quote=statement.quote[:MAX_QUOTE],
        )
        for statement in mention.statements
        if statement.target.incident is not None
    )


def _is_spoken_of(incident: ReportedIncident, statements: Iterable[Statement]) -> bool:
    """Return whether an incident is only told of as what somebody's words are about.

    So it is where nothing is said of the dead and hurt, where no day is told and no place but the country, and where
    the words are the headline or its own sentence.
    """
    about = [s for s in statements if s.target.incident == incident.ordinal]
    if incident.killed is None and incident.injured is None:
        return bool(about)
    if about and is_broad(incident.place) and not _is_dated(incident):
        return True
    if about and _CONDEMNS.match(incident.quote):
        return True
    return any(
        (s.quote and s.quote == incident.quote) or any(e.field == "title" for e in s.evidence)
        for s in about
    )


_CONDEMNS = re.compile(
    r"\W*(?:\S+ ){0,8}?(?:condemn|denounc|deplor|decr(?:y|ies)|slam)", re.IGNORECASE
)
"""How a headline begins that tells an incident in somebody's words: "President, PM strongly condemn killing of nine"."""


def _is_dated(incident: ReportedIncident) -> bool:
    """Return whether the day is told and not assumed; who tells nothing of his evidence is believed."""
    return not incident.evidence or any(e.fact == "date" for e in incident.evidence)


def _lead(incidents: Sequence[ReportedIncident]) -> int:
    """Return the ordinal of what the article is about: its first incident that is news, else its first."""
    return min((i.background, i.ordinal) for i in incidents)[1] if incidents else 0


def _claim(
    article: ArticleRef,
    incident: ReportedIncident,
    *,
    spoken: bool,
    lead: int,
    proper: tuple[str, ...],
    people: tuple[str, ...],
) -> Claim:
    title = article.title if incident.ordinal == lead else ""
    place_words = set(fold(incident.place.name).split()) if incident.place else set()
    words = content_words(title, incident.quote)
    return Claim(
        article_id=article.article_id,
        ordinal=incident.ordinal,
        source=article.source,
        origin=article.origin or article.source,
        at=time_of(article),
        copy=article.outcome is Outcome.COPY and article.origin != article.source,
        cluster_id=article.cluster_id,
        title=article.title[:MAX_QUOTE],
        url=article.url,
        kind=incident.kind,
        event_type=incident.event_type,
        date=incident.date,
        place=incident.place,
        killed=incident.killed,
        injured=incident.injured,
        casualties=incident.casualties,
        perpetrators=incident.perpetrators[:MAX_NAMES],
        claimed_by=incident.claimed_by[:MAX_NAMES],
        targets=incident.targets[:MAX_NAMES],
        weapon=incident.weapon,
        victims=incident.victims[:MAX_NAMES],
        names=incident.names[:MAX_NAMES],
        words=tuple(word for word in words if word not in place_words),
        proper=proper,
        people=people,
        day_stated=_is_dated(incident),
        background=incident.background,
        correction=incident.correction,
        spoken_of=spoken,
        quote=incident.quote[:MAX_QUOTE],
        evidence=incident.evidence,
    )
