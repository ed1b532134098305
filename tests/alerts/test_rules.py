"""Each delta is worth waking somebody for, or there is a reason why not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import msgspec
import pytest

from monitor.alerts.book import AlertBook
from monitor.alerts.policy import AlertPolicy, Box, QuietHours, Updates, Watch
from monitor.alerts.rules import decide
from schemas.article import ArticleRef
from schemas.delta import Delta, IncidentSnapshot, TallySnapshot
from schemas.reasons import (
    AlertKind,
    AlertReason,
    DeltaReason,
    EventType,
    Kind,
    Silence,
    Stance,
    TallyMeasure,
)
from schemas.report import Count, DayRange, Named, Place, Speaker, Statement, StatementTarget

AT = datetime(2025, 3, 4, 12, tzinfo=UTC)
MOSUL = Place(name="Mosul", admin1="Nineveh", country="Iraq", country_code="IQ", lat=36.3, lon=43.1)


def exact(n):
    return None if n is None else Count(low=n, best=n, high=n)


def known(killed=None, *, kind=Kind.ATTACK, **more):
    day = more.pop("day", AT.date())
    return IncidentSnapshot(
        incident_id=more.pop("incident_id", "inc-1"),
        kind=kind,
        event_type=more.pop("event_type", EventType.IED),
        date=day and DayRange(first=day, last=day),
        place=more.pop("place", MOSUL),
        killed=exact(killed),
        independent_sources=more.pop("independent_sources", 1),
        **more,
    )


def delta(reason=DeltaReason.CREATED, measure="incident", incident=None, *, n=0, **more):
    article = ArticleRef(
        article_id=f"a{n}",
        source=more.pop("source", "Gulf Wire"),
        origin="Gulf Wire",
        title="",
        published=more.pop("at", AT),
        fetched_at=more.pop("fetched_at", None),
        language="en",
        known_at_start=more.pop("known_at_start", False),
    )
    incident = incident if incident is not None else known()
    return Delta(
        delta_id=f"del-{n}",
        subject="country:IQ",
        article_id=article.article_id,
        measure=measure,
        reason=reason,
        incident_id=incident.incident_id,
        article=article,
        incident=incident,
        **more,
    )


def killed(before, after, reason=DeltaReason.RAISED, **more):
    figures = {"before": exact(before), "after": exact(after)}
    return delta(reason, "killed", known(after), **figures, **more)


def spoke(
    principal="state:IQ", *, stance=Stance.CONDEMN, official=True, n=9, incident=None, **more
):
    statement = Statement(
        speaker=Speaker(name=more.pop("name", principal), principal=principal, country="Iraq"),
        official=official,
        stance=stance,
        target=StatementTarget(text="the attack", incident=0),
    )
    incident = incident or known()
    return delta(DeltaReason.STATEMENT, "statement", incident, n=n, statement=statement, **more)


def of_a_ruling():
    """A condemnation of what is no violence: there is no incident, and no class of attacks."""
    target = StatementTarget(text="the court's ruling", violent=False)
    said = msgspec.structs.replace(spoke().statement, target=target)
    return msgspec.structs.replace(spoke(), statement=said, incident=None, incident_id=None)


def run(deltas, policy=None):
    """Decide on the deltas in order; return the reasons of the last one, and all alerts."""
    book, reasons, alerts = AlertBook(), (), []
    for one in deltas:
        step = decide(book, one, policy or AlertPolicy())
        for key, row in step.rows:
            book.put(key, row)
        reasons = step.reasons
        alerts += step.outputs
    return reasons, alerts


def watch(**more):
    return AlertPolicy(watches=(Watch(name="w", **more),))


LATE = AT + timedelta(hours=30)
NIGHT = QuietHours(start=time(10), end=time(14))

CASES = [
    ("a new attack", [delta()], None, AlertReason.NEW_ATTACK),
    ("a new strike", [delta(incident=known(kind=Kind.STRIKE))], None, AlertReason.NEW_STRIKE),
    ("one split off is news", [delta(DeltaReason.SPLIT)], None, AlertReason.NEW_ATTACK),
    ("the same delta again", [delta(), delta()], None, Silence.KNOWN),
    ("told as background", [delta(incident=known(background=True))], None, Silence.BACKGROUND),
    (
        "a week and a day ago",
        [delta(incident=known(day=date(2025, 2, 24)))],
        None,
        Silence.BACKGROUND,
    ),
    ("a week ago", [delta(incident=known(day=date(2025, 2, 25)))], None, AlertReason.NEW_ATTACK),
    ("undated is told", [delta(incident=known(day=None))], None, AlertReason.NEW_ATTACK),
    ("fetched a day too late", [delta(fetched_at=LATE)], None, Silence.STALE),
    (
        "too late is a setting",
        [delta(fetched_at=LATE)],
        AlertPolicy(max_age=None),
        AlertReason.NEW_ATTACK,
    ),
    (
        "known when the feed was first read",
        [delta(known_at_start=True)],
        None,
        Silence.KNOWN_AT_START,
    ),
    (
        "what was stale is not told by a retelling",
        [delta(fetched_at=LATE), delta(DeltaReason.CONFIRMED, "sources", n=1)],
        None,
        Silence.NOT_ANNOUNCED,
    ),
    ("a toll raised", [delta(incident=known(4)), killed(4, 6, n=1)], None, AlertReason.TOLL_RAISED),
    (
        "by one of a hundred",
        [delta(incident=known(100)), killed(100, 101, n=1)],
        None,
        Silence.SMALL_STEP,
    ),
    (
        "by five of a hundred, step by step",
        [delta(incident=known(100)), killed(100, 103, n=1), killed(103, 105, n=2)],
        None,
        AlertReason.TOLL_RAISED,
    ),
    (
        "a toll corrected",
        [delta(incident=known(6)), killed(6, 4, DeltaReason.LOWERED, n=1)],
        None,
        AlertReason.TOLL_CORRECTED,
    ),
    (
        "a first figure",
        [delta(), killed(None, 3, DeltaReason.FIRST_FIGURE, n=1)],
        None,
        AlertReason.FIRST_FIGURE,
    ),
    (
        "a first figure of none",
        [delta(), killed(None, 0, DeltaReason.FIRST_FIGURE, n=1)],
        None,
        Silence.SMALL_STEP,
    ),
    (
        "a dispute",
        [delta(incident=known(6)), killed(6, 6, DeltaReason.DISPUTED, n=1)],
        None,
        Silence.DISPUTE,
    ),
    (
        "updates may be off",
        [delta(incident=known(4)), killed(4, 9, n=1)],
        watch(updates=Updates(reasons=())),
        Silence.UPDATES_OFF,
    ),
    (
        "a claim of responsibility",
        [
            delta(),
            delta(DeltaReason.CLAIMED, "claimed_by", known(claimed_by=(Named(name="IS"),)), n=1),
        ],
        None,
        AlertReason.RESPONSIBILITY_CLAIMED,
    ),
    ("an official condemnation", [delta(), spoke()], None, AlertReason.NEW_CONDEMNATION),
    (
        "the same principal again",
        [delta(), spoke(), spoke(n=10, name="x")],
        None,
        Silence.SPEAKER_KNOWN,
    ),
    (
        "the same person under another office",
        [delta(), spoke("state:IQ", name="Ali"), spoke("org:president", n=10, name="Ali")],
        None,
        Silence.SPEAKER_KNOWN,
    ),
    ("no official", [delta(), spoke(official=False)], None, Silence.NOT_OFFICIAL),
    ("a condemnation of a ruling", [of_a_ruling()], None, Silence.NOT_VIOLENCE),
    ("a denial", [delta(), spoke(stance=Stance.DENY)], None, Silence.STANCE),
    ("a call on others", [delta(), spoke(stance=Stance.CALL_FOR)], None, Silence.STANCE),
    (
        "a condemnation of what was long ago",
        [spoke(incident=known(day=date(2014, 8, 3)))],
        None,
        Silence.BACKGROUND,
    ),
    ("a stale condemnation", [spoke(fetched_at=LATE)], None, Silence.STALE),
    (
        "a fresh condemnation of a stale incident",
        [delta(fetched_at=LATE), spoke()],
        None,
        AlertReason.NEW_CONDEMNATION,
    ),
    (
        "below the watch's dead",
        [delta(incident=known(3))],
        watch(min_killed=5),
        Silence.BELOW_THRESHOLD,
    ),
    ("one source where two are asked for", [delta()], watch(confirmations=2), Silence.UNCONFIRMED),
    (
        "the second source",
        [delta(), delta(DeltaReason.CONFIRMED, "sources", known(independent_sources=2), n=1)],
        watch(confirmations=2),
        AlertReason.NEW_ATTACK,
    ),
    ("another country", [delta()], watch(countries=("SY",)), Silence.OUTSIDE_WATCH),
    ("the country by name", [delta()], watch(countries=("iraq",)), AlertReason.NEW_ATTACK),
    ("the province", [delta()], watch(places=("Nineveh",)), AlertReason.NEW_ATTACK),
    ("another place", [delta()], watch(places=("Basra",)), Silence.OUTSIDE_WATCH),
    (
        "in the box",
        [delta()],
        watch(boxes=(Box(south=36, west=43, north=37, east=44),)),
        AlertReason.NEW_ATTACK,
    ),
    (
        "a box over the date line",
        [delta()],
        watch(boxes=(Box(south=30, west=170, north=40, east=-170),)),
        Silence.OUTSIDE_WATCH,
    ),
    ("another outlet", [delta()], watch(sources=("Other",)), Silence.OUTSIDE_WATCH),
    ("another language", [delta()], watch(languages=("ar",)), Silence.OUTSIDE_WATCH),
    ("another kind", [delta()], watch(kinds=(AlertKind.STRIKE,)), Silence.OUTSIDE_WATCH),
    ("an actor nobody named", [delta()], watch(actors=("Hamas",)), Silence.OUTSIDE_WATCH),
    (
        "an actor by part of its name",
        [delta(incident=known(perpetrators=(Named(name="Hamas movement"),)))],
        watch(actors=("hamas",)),
        AlertReason.NEW_ATTACK,
    ),
    (
        "ordinary crime",
        [delta(incident=known(event_type=EventType.STABBING))],
        watch(political_only=True),
        Silence.OUTSIDE_WATCH,
    ),
    ("quiet hours", [delta()], watch(quiet_hours=NIGHT), Silence.QUIET_HOURS),
    (
        "grave in quiet hours",
        [delta(incident=known(12))],
        watch(quiet_hours=replace(NIGHT, unless_killed=10)),
        AlertReason.NEW_ATTACK,
    ),
]


@pytest.mark.parametrize(
    ("deltas", "policy", "reason"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_last_delta(deltas, policy, reason):
    reasons, _ = run(deltas, policy)
    assert reason in reasons


def test_a_tally_never_alerts():
    tally = TallySnapshot(tally_id="tal", series="s", what=TallyMeasure.ATTACKS, value=exact(70))
    one = Delta(
        delta_id="d",
        subject="tally:attacks",
        article_id="a",
        measure="tally",
        reason=DeltaReason.RAISED,
        tally_id="tal",
        tally=tally,
    )
    assert run([one]) == ((Silence.TALLY,), [])


def test_two_announced_incidents_that_are_one_are_told_as_a_merge():
    other = known(incident_id="inc-2")
    merge = delta(DeltaReason.MERGED, n=3, merged_from="inc-2")
    reasons, alerts = run([delta(), delta(incident=other, n=1), merge])
    assert AlertReason.MERGED in reasons
    assert [a.kind for a in alerts] == ["attack", "attack", "update"]
    assert alerts[-1].references == (alerts[1].alert_id, alerts[0].alert_id)


def test_who_condemned_the_absorbed_incident_is_not_told_again():
    other = known(incident_id="inc-2")
    before = [delta(), delta(incident=other, n=1), spoke(incident=other, n=2)]
    merge = delta(DeltaReason.MERGED, n=3, merged_from="inc-2")
    reasons, _ = run([*before, merge, spoke(n=4)])
    assert reasons == (Silence.SPEAKER_KNOWN,)


def test_a_new_watch_is_told_with_the_next_change_and_the_old_one_only_of_the_change():
    first = AlertPolicy(watches=(Watch(name="old", sinks=("s1",)),))
    both = AlertPolicy(watches=(Watch(name="old", sinks=("s1",)), Watch(name="new", sinks=("s2",))))
    book = AlertBook()
    for key, row in decide(book, delta(incident=known(4)), first).rows:
        book.put(key, row)
    alerts = decide(book, killed(4, 6, n=1), both).outputs
    told = [(a.kind, a.watches, a.sinks) for a in alerts]
    assert told == [("attack", ("new",), ("s2",)), ("update", ("old",), ("s1",))]
    assert len({a.alert_id for a in alerts}) == 2


def test_an_alert_says_what_changed_and_what_came_before_it():
    _, alerts = run([delta(incident=known(4)), killed(4, 6, n=1)])
    first, second = alerts
    assert first.title == "Bombing in Mosul, Nineveh (Iraq): 4 killed"
    assert second.title.startswith("killed 4 -> 6")
    assert (second.revision, second.msg_type) == (2, "update")
    assert second.references == (first.alert_id,)
    assert [(c.measure, c.before, c.after) for c in second.changes] == [
        ("killed", exact(4), exact(6))
    ]


def test_a_row_keeps_to_its_limits():
    policy = AlertPolicy(max_applied=5, max_references=3)
    deltas = [killed(n, n * 2, n=n) for n in (1, 2, 4, 8, 16, 32, 64, 128)]
    book = AlertBook()
    for one in deltas:
        for key, row in decide(book, one, policy).rows:
            book.put(key, row)
    row = book.get("inc-1")
    assert (len(row.applied), len(row.alerts)) == (5, 3)


def test_the_row_ends_with_the_incident():
    book = AlertBook()
    for one in (delta(), delta(DeltaReason.CLOSED, n=1)):
        for key, row in decide(book, one, AlertPolicy()).rows:
            book.put(key, row)
    assert len(book) == 0
