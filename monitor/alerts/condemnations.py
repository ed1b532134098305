"""Is this a new official condemnation? One alert for each principal and incident, or class of attacks."""

from __future__ import annotations

from msgspec.structs import replace

from monitor.alerts.compose import Draft, alert_of
from monitor.alerts.mutes import is_muted
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.silences import article_silence, is_background
from monitor.alerts.text import condemnation
from monitor.alerts.watches import Matter, refusal
from monitor.incidents.classes import same_class
from monitor.incidents.stances import CONDEMNING
from monitor.incidents.subjects import principal_of
from monitor.incidents.wording import content_words, fold
from schemas.delta import Delta
from schemas.reasons import AlertKind, AlertReason, Silence
from schemas.report import Statement
from schemas.state import AnnouncedRow, Condemned

MAX_CONDEMNED = 64
"""Principals kept in a row; bounds it."""


def decide_statement(row: AnnouncedRow, delta: Delta, policy: AlertPolicy) -> Draft:
    """Return the alert of a statement, or why there is none."""
    statement = delta.statement
    assert statement is not None
    silence = _silence(row, statement, delta, policy)
    if silence is not None:
        return Draft(row=_heard(row, statement, delta, silence), reasons=(silence,))
    matter = Matter(
        kind=AlertKind.CONDEMNATION,
        article=delta.article,
        incident=delta.incident,
        statement=statement,
    )
    refused = {watch.name: refusal(watch, matter) for watch in policy.watches}
    wanting = [watch for watch in policy.watches if refused[watch.name] is None]
    silences = tuple(dict.fromkeys(s for s in refused.values() if s is not None))
    if not wanting:
        return Draft(row=row, reasons=silences)
    reason = AlertReason.NEW_CONDEMNATION
    step = _step(row, statement)
    title = condemnation(statement, delta.incident)
    alert = alert_of(
        row,
        delta,
        kind=AlertKind.CONDEMNATION,
        reason=reason,
        step=step,
        watches=wanting,
        policy=policy,
        title=title,
    )
    told = _condemned(statement, delta, tuple(watch.name for watch in wanting))
    return Draft(row=_with(row, told), alerts=(alert,), reasons=(reason, *silences))


def _silence(
    row: AnnouncedRow, statement: Statement, delta: Delta, policy: AlertPolicy
) -> Silence | None:
    if (unfit := _unfit(statement, delta)) is not None:
        return unfit
    if any(_is_same(known, statement, delta, policy) for known in row.condemned):
        return Silence.SPEAKER_KNOWN
    if delta.incident is not None and delta.incident.dismissed:
        return Silence.DISMISSED
    if delta.incident is not None and is_background(delta.incident, delta, policy):
        return Silence.BACKGROUND
    matter = Matter(
        kind=AlertKind.CONDEMNATION,
        article=delta.article,
        incident=delta.incident,
        statement=statement,
    )
    if is_muted(policy.mutes, matter, delta):
        return Silence.SILENCED
    return article_silence(delta, policy)


def _unfit(statement: Statement, delta: Delta) -> Silence | None:
    """Return why these words are no official condemnation of violence, ``None`` where they are one."""
    if statement.stance not in CONDEMNING:
        return Silence.STANCE
    if not statement.official:
        return Silence.NOT_OFFICIAL
    is_of_violence = delta.incident_id is not None or statement.target.violent
    return None if is_of_violence else Silence.NOT_VIOLENCE


def _is_same(known: Condemned, statement: Statement, delta: Delta, policy: AlertPolicy) -> bool:
    same_name = _is_same_name(known.speaker, fold(statement.speaker.name))
    if known.principal != principal_of(statement) and not same_name:
        return False
    if delta.incident_id is not None:
        return True
    at = delta.article.published if delta.article else None
    if at is not None and known.at is not None and abs(at - known.at) > policy.class_window:
        return False
    return same_class(content_words(statement.target.text), known.words)


def _is_same_name(a: str, b: str) -> bool:
    """Return whether one name is the other, or begins with it: "Hassan Ali" and "Hassan Ali Khaire"."""
    short, long = sorted((a.split(), b.split()), key=len)
    return bool(short) and long[: len(short)] == short


_FOR_GOOD = frozenset({Silence.STALE, Silence.KNOWN_AT_START, Silence.BACKGROUND})
"""Silences that also hold for the repeats of the same words."""


def _heard(row: AnnouncedRow, statement: Statement, delta: Delta, silence: Silence) -> AnnouncedRow:
    return _with(row, _condemned(statement, delta, ())) if silence in _FOR_GOOD else row


def _with(row: AnnouncedRow, condemned: Condemned) -> AnnouncedRow:
    return replace(row, condemned=(*row.condemned, condemned)[-MAX_CONDEMNED:])


def _condemned(statement: Statement, delta: Delta, watches: tuple[str, ...]) -> Condemned:
    return Condemned(
        principal=principal_of(statement),
        speaker=fold(statement.speaker.name),
        words=content_words(statement.target.text),
        at=delta.article.published if delta.article else None,
        watches=watches,
    )


def _step(row: AnnouncedRow, statement: Statement) -> str:
    """Return what tells this condemnation from an earlier one of the same principal and class."""
    principal = principal_of(statement)
    earlier = [known for known in row.condemned if known.principal == principal]
    return f"{principal}:{len(earlier)}:{earlier[-1].at if earlier else ''}"
