"""Filters find what they say, alone and together, page after page, in both databases alike."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import AITAROUN, KIRKUK, MOGADISHU, NOON, Newsroom, happened, told

from monitor.board import queries, rows, shapes
from monitor.board.queries import Filters
from monitor.board.summary import summary
from monitor.board.textindex import terms_of
from schemas.reasons import EventType, Kind
from schemas.report import Named

ALL = Filters()


def names(store, filters, **more):
    page = queries.incident_page(store, filters, after=None, limit=50, **more)
    return [found.incident.place.name for found in page]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (ALL, ["Aitaroun", "Kirkuk"]),
        (Filters(background=True), ["Mogadishu", "Aitaroun", "Kirkuk"]),
        (Filters(kinds=("strike",)), ["Aitaroun"]),
        (Filters(kinds=("strike", "attack")), ["Aitaroun", "Kirkuk"]),
        (Filters(types=("ied",)), ["Kirkuk"]),
        (Filters(countries=("IQ",)), ["Kirkuk"]),
        (Filters(countries=("IQ", "LB")), ["Aitaroun", "Kirkuk"]),
        (Filters(countries=("SO",)), []),
        (Filters(countries=("SO",), background=True), ["Mogadishu"]),
        (Filters(actors=("israel",)), ["Aitaroun"]),
        (Filters(sources=("Zagros Monitor",)), ["Kirkuk"]),
        (Filters(sources=("copy post",)), ["Kirkuk"]),
        (Filters(least_killed=4), ["Kirkuk"]),
        (Filters(least_killed=7), []),
        (Filters(least_killed=7, background=True), ["Mogadishu"]),
        (Filters(since=NOON + timedelta(hours=1)), ["Aitaroun"]),
        (Filters(until=NOON + timedelta(hours=1)), ["Kirkuk"]),
        (Filters(text="vegetable"), ["Kirkuk"]),
        (Filters(text="BOMBINGS kirkuk"), ["Kirkuk"]),
        (Filters(text="kirkuk lebanon"), []),
        (Filters(text='" ( * -'), ["Aitaroun", "Kirkuk"]),
        (Filters(text='" OR kirkuk* NEAR('), []),
        (Filters(text="house", kinds=("strike",), countries=("LB",), least_killed=2), ["Aitaroun"]),
        (Filters(text="house", kinds=("attack",)), []),
    ],
)
def test_a_filter_finds_what_it_says(lite, filters, expected):
    lite.apply(told().records)
    assert names(lite, filters) == expected


@pytest.mark.slow
def test_both_databases_find_the_same(store, lite):
    for view in (store, lite):
        view.apply(told().records)
    texts = ("", "bomb", "market toll", "air strike", "Kirkuk -police", "naïve", "ضربة")
    for text in texts:
        for more in ({}, {"countries": ("IQ", "SO")}, {"least_killed": 4}, {"background": True}):
            asked = Filters(text=text, **more)
            assert names(store, asked) == names(lite, asked), asked


PLACES = (KIRKUK, AITAROUN, MOGADISHU)
incident = st.fixed_dictionaries(
    {
        "place": st.sampled_from(PLACES),
        "killed": st.one_of(st.none(), st.integers(0, 30)),
        "kind": st.sampled_from(list(Kind)),
        "event_type": st.sampled_from([EventType.IED, EventType.AIR_STRIKE]),
        "actor": st.sampled_from(["", "Islamic State", "Al-Shabaab"]),
        "background": st.booleans(),
    }
)
asked = st.builds(
    Filters,
    kinds=st.sampled_from([(), ("attack",), ("strike", "attack")]),
    countries=st.sampled_from([(), ("IQ",), ("IQ", "SO"), ("FR",)]),
    actors=st.sampled_from([(), ("islamic state",)]),
    least_killed=st.one_of(st.none(), st.integers(0, 40)),
    background=st.booleans(),
    text=st.sampled_from(["", "explosion", "kirkuk"]),
)


def is_let_through(found, filters):
    """What a filter means, said over the records themselves."""
    one = found.incident
    actors = {named.name.casefold() for named in one.perpetrators}
    said = rows.words_of(one).casefold()
    return (
        (filters.background or not one.background)
        and (not filters.kinds or one.kind in filters.kinds)
        and (not filters.countries or one.place.country_code in filters.countries)
        and (not filters.actors or set(filters.actors) & actors)
        and (not filters.least_killed or (rows.killed_of(one) or 0) >= filters.least_killed)
        and all(term in said for term in terms_of(filters.text))
    )


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(incident, max_size=8), st.lists(asked, min_size=1, max_size=6))
def test_filters_are_what_they_mean_whatever_the_incidents(lite, made, filters):
    lite.forget()
    room = Newsroom()
    for number, fields in enumerate(made):
        more = {key: value for key, value in fields.items() if key not in ("actor", "place")}
        actor = fields["actor"]
        text = f"An explosion, the {number}th of the day, was heard."
        by = (Named(name=actor),) if actor else ()
        one = happened(text, fields["place"], perpetrators=by, **more)
        room.publish(
            f"Wire {number}", f"Explosion {number}", text, incidents=[one], hours=number * 30
        )
    if room.records:
        lite.apply(room.records)
    every = queries.incident_page(lite, Filters(background=True), after=None, limit=50)
    for one in filters:
        found = queries.incident_page(lite, one, after=None, limit=50)
        assert [f.num for f in found] == [f.num for f in every if is_let_through(f, one)]


def many(count):
    room = Newsroom()
    for number in range(count):
        text = f"A bomb killed {number + 1} people in street {number}."
        where = replace_name(KIRKUK, f"Town {number}")
        one = happened(text, where, killed=number + 1)
        room.publish("Wire", f"Bomb {number}", text, incidents=[one], hours=number * 80)
    return room


def replace_name(place, name):
    return place.__class__(name=name, admin1=name, country="Iraq", country_code="IQ", lat=place.lat, lon=place.lon)  # fmt: skip


def paged(ask, limit):
    after = None
    while page := ask(after, limit):
        yield from page
        after = getattr(page[-1], "num", None) or page[-1].seq


@pytest.mark.parametrize("filters", [ALL, Filters(text="bomb", countries=("IQ",))])
def test_pages_give_everything_once_in_order(lite, filters):
    lite.apply(many(23).records)
    found = list(paged(lambda a, n: queries.incident_page(lite, filters, after=a, limit=n), 5))
    assert [f.incident.killed.best for f in found] == list(range(23, 0, -1))


def test_what_comes_while_somebody_pages_shifts_nothing(lite):
    room = many(12)
    cut = len(room.records) * 2 // 3
    lite.apply(room.records[:cut])
    pages = paged(lambda a, n: queries.incident_page(lite, ALL, after=a, limit=n), 3)
    first = list(islice(pages, 3))
    lite.apply(room.records)
    seen = [f.num for f in [*first, *pages]]
    assert seen == sorted(set(seen), reverse=True)


def test_lists_of_changes_statements_and_alerts(lite):
    lite.apply(told().records)
    changes = list(paged(lambda a, n: queries.delta_page(lite, reasons=(), incident=None, after=a, limit=n), 2))  # fmt: skip
    assert [c.seq for c in changes] == sorted({c.seq for c in changes}, reverse=True)
    raised = queries.delta_page(lite, reasons=("raised",), incident=None, after=None, limit=9)
    assert {(c.doc.measure, c.doc.after.best) for c in raised} == {("killed", 6), ("tally", 70), ("tally", 103)}  # fmt: skip
    said = queries.statement_page(lite, stances=("condemn",), official=True, after=None, limit=9)
    assert [s.doc.statement.speaker.name for s in said] == ["Turkey"]
    assert queries.statement_page(lite, stances=(), official=False, after=None, limit=9) == ()
    told_of = queries.alert_page(lite, kinds=("strike",), after=None, limit=9)
    assert [a.doc.kind for a in told_of] == ["strike"]


def test_a_tally_comes_with_its_course(lite):
    lite.apply(told().records)
    ((tally, points),) = queries.tally_page(lite, after=None, limit=9)
    assert tally.doc.value.best == 103
    assert [p.doc.after.best if p.doc.after else p.doc.tally.value.best for p in points] == [55, 70, 103]  # fmt: skip
    assert queries.tally_page(lite, after=(tally.seq, tally.doc.tally_id), limit=9) == ()


def test_changes_since_a_version_are_told_once(lite):
    room = told()
    first = lite.apply(room.records[:4])
    second = lite.apply(room.records)
    found, alerts = queries.changed_since(lite, first, 100)
    assert {f.incident.place.name for f in found} == {"Kirkuk", "Aitaroun", "Mogadishu"}
    assert len(alerts) == 3
    assert queries.changed_since(lite, second, 100) == ((), ())


def test_the_hundreds_of_thousands_that_a_summary_leaves_out_are_the_oldest(store, monkeypatch):
    store.apply(many(9).records)
    monkeypatch.setattr("monitor.board.summary.MAX_COUNTED", 4)
    told_of = summary(store, ALL)
    assert [day.killed for day in told_of.days] == [6, 7, 8, 9]
    assert (told_of.incidents, told_of.complete) == (4, False)
    few = summary(store, replace(ALL, least_killed=8))
    assert ([day.killed for day in few.days], few.complete) == ([8, 9], True)


def test_a_summary_counts_days_places_and_countries(store):
    store.apply(told().records)
    found = summary(store, Filters(background=True))
    assert [(d.day, d.incidents, d.killed, d.injured) for d in found.days] == [
        ("2026-03-04", 3, 509, 11)
    ]
    assert {(s.name, s.incidents, s.killed, s.strikes) for s in found.spots} == {
        ("Kirkuk", 1, 6, 0), ("Aitaroun", 1, 3, 1), ("Mogadishu", 1, 500, 0),
    }  # fmt: skip
    spot = next(s for s in found.spots if s.name == "Kirkuk")
    assert (spot.lat, spot.lon, spot.precision) == (35.47, 44.39, "town")
    assert found.countries == tuple(
        shapes.CountryCount(code=code, incidents=1) for code in ("IQ", "LB", "SO")
    )
    assert summary(store, Filters(countries=("FR",))).days == ()
