"""An editor's silence keeps what matches all of it from being told, for its time and no longer."""

from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from made_alerts import FETCHED, PUBLISHED, exactly, known, made
from made_mutes import DAY, mute

from monitor.alerts.book import AlertBook
from monitor.alerts.mutes import sink_mute
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.rules import decide
from schemas.article import ArticleRef
from schemas.delta import Delta
from schemas.reasons import AlertKind, AlertReason, DeltaReason, Silence

MATCHES = [
    ("everything", {}, True),
    ("its country by code", {"countries": ("IQ",)}, True),
    ("its country by name", {"countries": ("Iraq",)}, True),
    ("another country", {"countries": ("SY",)}, False),
    ("its place", {"places": ("kirkuk",)}, True),
    ("another place", {"places": ("Mosul",)}, False),
    ("its kind", {"kinds": (AlertKind.ATTACK,)}, True),
    ("another kind", {"kinds": (AlertKind.STRIKE, AlertKind.CONDEMNATION)}, False),
    ("a party to it", {"actors": ("islamic state",)}, True),
    ("somebody else", {"actors": ("Army",)}, False),
    ("the incident", {"incidents": ("inc-1", "inc-9")}, True),
    ("another incident", {"incidents": ("inc-9",)}, False),
    ("its outlet", {"sources": ("One",)}, True),
    ("another outlet", {"sources": ("Two",)}, False),
    ("all of it", {"countries": ("IQ",), "kinds": (AlertKind.ATTACK,)}, True),
    ("not all of it", {"countries": ("IQ",), "kinds": (AlertKind.STRIKE,)}, False),
    ("it is over", {"ends_at": FETCHED}, False),
    ("it begins with it", {"starts_at": FETCHED}, True),
    ("it has not begun", {"starts_at": FETCHED + timedelta(seconds=1)}, False),
]


def delta(reason=DeltaReason.CREATED, n=0, killed=4, at=FETCHED, measure="incident"):
    article = ArticleRef(
        article_id="a1",
        source="One",
        origin="One",
        title="",
        published=at - (FETCHED - PUBLISHED),
        fetched_at=at,
    )
    return Delta(
        delta_id=f"del-{n}",
        subject="country:IQ",
        article_id="a1",
        measure=measure,
        reason=reason,
        incident_id="inc-1",
        article=article,
        incident=known(killed=exactly(killed)),
        after=exactly(killed),
    )


def run(deltas, *mutes):
    book, policy, steps = AlertBook(), replace(AlertPolicy(), mutes=mutes), []
    for one in deltas:
        steps.append(decide(book, one, policy))
        for key, row in steps[-1].rows:
            book.put(key, row)
    return [step.reasons for step in steps], [a for step in steps for a in step.outputs]


@pytest.mark.parametrize(("_why", "fields", "held"), MATCHES, ids=[m[0] for m in MATCHES])
def test_a_new_attack_under_a_silence(_why, fields, held):
    reasons, alerts = run([delta()], mute(**fields))
    assert reasons == [(Silence.SILENCED if held else AlertReason.NEW_ATTACK,)]
    assert len(alerts) == (0 if held else 1)


@pytest.mark.parametrize(("_why", "fields", "held"), MATCHES, ids=[m[0] for m in MATCHES])
def test_the_same_silence_for_one_sink(_why, fields, held):
    given = mute(sinks=("desk",), **fields)
    assert (sink_mute([given], made(), "desk") == given) is held
    assert sink_mute([given], made(), "other") is None


def test_a_silence_for_one_sink_leaves_the_alert_to_the_others():
    reasons, alerts = run([delta()], mute(sinks=("desk",)))
    assert (reasons, len(alerts)) == ([(AlertReason.NEW_ATTACK,)], 1)


def test_updates_alone_can_be_silenced_and_are_told_in_sum_afterwards():
    raised = [
        delta(DeltaReason.RAISED, n, killed, at, "killed")
        for n, killed, at in [(1, 9, FETCHED), (2, 12, FETCHED + 2 * DAY)]
    ]
    reasons, alerts = run([delta(), *raised], mute(kinds=(AlertKind.UPDATE,)))
    assert reasons[1] == (Silence.SILENCED,)
    assert reasons[2] == (AlertReason.TOLL_RAISED,)
    assert alerts[-1].changes[0].before == exactly(4)


def test_an_update_is_of_its_incident_s_kind_too():
    raised = delta(DeltaReason.RAISED, 1, 9, FETCHED, "killed")
    given = mute(kinds=(AlertKind.ATTACK,), starts_at=FETCHED)
    reasons, _ = run([delta(at=FETCHED - timedelta(seconds=1)), raised], given)
    assert reasons == [(AlertReason.NEW_ATTACK,), (Silence.SILENCED,)]


def test_what_was_silenced_is_told_as_new_with_its_next_change():
    later = delta(DeltaReason.RAISED, 1, 9, FETCHED + 2 * DAY, "killed")
    reasons, _ = run([delta(), later], mute())
    assert reasons == [(Silence.SILENCED,), (AlertReason.NEW_ATTACK,)]


def test_an_archive_without_fetches_goes_by_the_time_of_publication():
    never = msgspec.structs.replace(
        delta(), article=msgspec.structs.replace(delta().article, fetched_at=None)
    )
    assert run([never], mute(ends_at=PUBLISHED))[0] == [(AlertReason.NEW_ATTACK,)]
    assert run([never], mute(starts_at=PUBLISHED))[0] == [(Silence.SILENCED,)]


@pytest.mark.parametrize("status", ["test", "system"])
def test_tests_and_notices_are_never_silenced(status):
    assert sink_mute([mute(sinks=("desk",))], made(status=status), "desk") is None


def test_what_has_no_place_is_in_no_place():
    nowhere = made(incident=known(place=None))
    assert sink_mute([mute(sinks=("d",), places=("Kirkuk",))], nowhere, "d") is None
