"""Split a report into mentions: one for each subject, which is the key under which it travels.

Reports that must be compared must meet in one partition, so a subject is derived from the report alone:
the country of an incident, the family of a tally, the principal behind words about a class of attacks.

Tallies have two subjects only, counts of attacks and counts of people. A finer key would have to hold what two
outlets word differently ("US forces", "American troops", an area one of them leaves out), and two wordings of
one series must meet; the series themselves are told apart by ``monitor.incidents.tally``.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.articles.normalise import UNKNOWN_SOURCE
from monitor.incidents.headlines import own_words
from monitor.incidents.ids import digest, mention_id
from monitor.incidents.people import people
from monitor.incidents.targets import is_at_sea
from monitor.incidents.wording import fold, proper_names
from schemas.article import ArticleRef, UniqueArticle
from schemas.base import Subject
from schemas.mention import Mention
from schemas.reasons import TallyMeasure
from schemas.report import Report, ReportedIncident, Statement, Tally

UNKNOWN_COUNTRY = "ZZ"
"""ISO 3166-1 leaves ZZ to users; here it is the country of incidents whose country is not known."""


def split(report: Report, unique: UniqueArticle) -> tuple[Mention, ...]:
    """Return the mentions of a report: countries in order of their incidents, tallies, classes of attacks."""
    article = _reference(unique)
    words = proper_names(unique.article.text)
    named = _people(unique.article.text, report.incidents)
    return tuple(
        Mention(
            mention_id=mention_id(article.article_id, article.revision_hash, subject),
            subject=subject,
            article=article,
            incidents=tuple(part for part in parts if isinstance(part, ReportedIncident)),
            statements=tuple(part for part in parts if isinstance(part, Statement)),
            tallies=tuple(part for part in parts if isinstance(part, Tally)),
            words=words,
            people=named,
        )
        for subject, parts in _by_subject(report).items()
    )


def _people(text: str, incidents: Iterable[ReportedIncident]) -> tuple[str, ...]:
    """Return the persons named in an article, without those told of beside what it recalls: they are of another incident."""
    news, past = (
        [
            e.start
            for i in incidents
            if i.background is recalled
            for e in i.evidence
            if e.field == "text"
        ]
        for recalled in (False, True)
    )
    named = people(text)
    if not news or not past:
        return tuple(sorted(named))
    return tuple(
        sorted(name for name, at in named.items() if _distance(at, news) <= _distance(at, past))
    )


def _distance(at: int, starts: Iterable[int]) -> int:
    return min(abs(at - start) for start in starts)


def principal_of(statement: Statement) -> str:
    """Return the identity behind a statement; a speaker without one stands for himself."""
    speaker = statement.speaker
    return speaker.principal or "person:" + fold(speaker.name)


def _by_subject(
    report: Report,
) -> dict[Subject, list[ReportedIncident | Statement | Tally]]:
    parts: dict[Subject, list[ReportedIncident | Statement | Tally]] = {}
    countries = _countries(report.incidents)
    for incident in report.incidents:
        parts.setdefault(countries[incident.ordinal], []).append(incident)
    for tally in report.tallies:
        parts.setdefault(_tally_subject(tally), []).append(tally)
    for statement in own_words(report.statements):
        about = statement.target.incident
        subject = countries.get(about) if about is not None else None
        parts.setdefault(subject or Subject("class:" + principal_of(statement)), []).append(
            statement
        )
    return parts


def _countries(incidents: Iterable[ReportedIncident]) -> dict[int, Subject]:
    """Return each incident's subject; one without a country takes that of the others where they agree."""
    known = {i.ordinal: _country(i) for i in incidents}
    agreed = {code for code in known.values() if code and code != UNKNOWN_COUNTRY}
    fallback = agreed.pop() if len(agreed) == 1 else UNKNOWN_COUNTRY
    return {ordinal: Subject(f"country:{code or fallback}") for ordinal, code in known.items()}


def _country(incident: ReportedIncident) -> str | None:
    """Return the country of an incident. A ship's is unknown: outlets name a coast, a sea or the state of a flag."""
    told = [target.name for target in incident.targets]
    if is_at_sea([*told, incident.place.name] if incident.place else told):
        return UNKNOWN_COUNTRY
    return incident.place.country_code if incident.place else None


def _tally_subject(tally: Tally) -> Subject:
    return Subject("tally:attacks" if tally.what is TallyMeasure.ATTACKS else "tally:people")


def _reference(unique: UniqueArticle) -> ArticleRef:
    article = unique.article
    return ArticleRef(
        article_id=article.article_id,
        source=article.source,
        origin=_origin(unique),
        title=article.title,
        url=article.url,
        published=article.published,
        fetched_at=article.fetched_at,
        language=article.language,
        outcome=unique.outcome,
        cluster_id=unique.cluster_id,
        known_at_start=article.known_at_start,
        revision_hash=digest(article.title, article.text),
    )


def _origin(unique: UniqueArticle) -> str:
    """Return the outlet whose text it is; where that is not known, the text itself stands for it.

    Two articles of unknown outlets are not one source: neither may take the other's figure back.
    """
    origin = unique.origin or unique.article.source
    return origin if origin not in ("", UNKNOWN_SOURCE) else f"text:{unique.cluster_id}"
