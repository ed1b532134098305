"""What is known leaves the book when it is old, by the articles' time, also where its own subject never comes again."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from report_records import NOON, incident, report, statement, tally, unique

from monitor.alerts.book import AlertBook
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.rules import decide
from monitor.incidents.ages import Ages
from monitor.incidents.book import IncidentBook
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.rules import track
from monitor.incidents.series import asked_marks, is_same, marks_of
from monitor.incidents.subjects import split

POLICY = TrackPolicy()
DAY = timedelta(days=1)


def taken(book, told, policy=POLICY, **article):
    """Have one article come, and return the steps of its mentions."""
    steps = []
    for mention in split(told, unique(**article)):
        step = track(book, mention, policy)
        for key, row in step.rows:
            book.put(key, row)
        steps.append(step)
    return steps


def somewhere(number=0, code="IQ"):
    return report((incident(code=code, name=f"Town {number}", day=None),))


SPOKEN = report(statements=(statement(text="attacks on missions", principal="state:FJ"),))
COUNTED = report(tallies=(tally(12, victims="teachers"),))

LEAVING = [
    pytest.param(somewhere(code="FJ"), POLICY.hot_age, ["closed"], id="an incident of a country"),
    pytest.param(SPOKEN, POLICY.hot_age, ["closed"], id="words about a class of attacks"),
    pytest.param(COUNTED, POLICY.tally_age, [], id="a tally, all of which its deltas have told"),
]


@pytest.mark.parametrize(("told", "age", "last"), LEAVING)
def test_what_never_comes_again_goes_when_others_come(told, age, last):
    book = IncidentBook()
    (made,) = taken(book, told, article_id="once")
    (key, _), *_ = made.rows
    (step,) = taken(book, somewhere(), article_id="in time", at=NOON + age)
    assert (key, None) not in step.rows
    (step,) = taken(book, somewhere(), article_id="later", at=NOON + age + timedelta(hours=1))
    assert step.rows[-1] == (key, None)
    assert [d.reason for d in step.outputs if d.subject == made.outputs[0].subject] == last
    assert step.reasons[-1] == "evicted"
    assert key not in list(book)


def test_what_was_announced_of_a_class_of_attacks_goes_with_it():
    book, announced = IncidentBook(), AlertBook()
    days = [(SPOKEN, 0), (somewhere(), 70), (SPOKEN, 80), (somewhere(), 150)]
    held, ids = [], []
    for n, (told, day) in enumerate(days):
        for step in taken(book, told, article_id=f"a{n}", at=NOON + day * DAY):
            for delta in step.outputs:
                ids.append(delta.delta_id)
                for key, row in decide(announced, delta, AlertPolicy()).rows:
                    announced.put(key, row)
        held.append("class:state:FJ" in list(announced))
    assert held == [True, False, True, False]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("told", [somewhere(code="FJ"), SPOKEN])
def test_the_last_record_is_the_same_whoever_has_it_go(told):
    """A worker has the articles of its partition, a replay all of them."""
    last = []
    for other in ("IQ", "SY"):
        book = IncidentBook()
        taken(book, told, article_id="once", source="One")
        (step,) = taken(book, somewhere(code=other), article_id=other, at=NOON + 100 * DAY)
        last += [delta for delta in step.outputs if delta.reason == "closed"]
    assert last[0] == last[1]
    assert last[0].article_id == "once"


@pytest.mark.parametrize(("rows", "goes"), [(1, POLICY.evictions), (9, 9)])
def test_a_mention_lets_go_of_a_few_or_of_as_many_as_it_makes(rows, goes):
    """So the book cannot grow faster than it shrinks, whatever an article tells."""
    book = IncidentBook()
    for n in range(20):
        taken(book, somewhere(n, code="FJ"), article_id=f"old {n}")
    many = report([incident(n, code="IQ", name=f"Place {n}", day=None) for n in range(rows)])
    (step,) = taken(book, many, article_id="new", at=NOON + 100 * DAY)
    assert len([row for _, row in step.rows if row is None]) == goes


def test_a_book_read_again_lets_go_of_the_same():
    """After a restart the order of age is made from the rows alone."""
    rng = random.Random(3)
    told = [somewhere(n, code) for n in range(8) for code in ("IQ", "FJ")] + [SPOKEN, COUNTED]
    hours = sorted(rng.randrange(40 * 24) for _ in range(300))
    policy = TrackPolicy(hot_age=3 * DAY, tally_age=5 * DAY)
    book, gone = IncidentBook(), 0
    for n, hour in enumerate(hours):
        again = IncidentBook()
        for key in book:
            again.put(key, book.get(key))
        article = {"article_id": f"a{n}", "at": NOON + timedelta(hours=hour)}
        chosen = rng.choice(told)
        steps = taken(book, chosen, policy, **article)
        assert taken(again, chosen, policy, **article) == steps
        gone += sum(row is None for step in steps for _, row in step.rows)
    assert gone > 20


acts = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 12), st.booleans()), max_size=40
)


GONE_AND_BACK = [("a", 5, False), ("a", 0, True), ("a", 3, False), ("a", 5, False), ("b", 9, True)]


@given(acts, st.integers(1, 4))
@example(GONE_AND_BACK, 4)
def test_the_oldest_are_those_that_a_look_at_all_gives(told, limit):
    ages, seen = Ages(), {}
    for key, hour, goes in told:
        at = NOON + timedelta(hours=hour)
        if goes:
            seen.pop(key, None)
        else:
            # A row's time never goes back while it is there.
            seen[key] = max(at, seen.get(key, at))
            ages.note(key, seen[key])
        before = sorted((t, k) for k, t in seen.items() if t < at)
        assert ages.oldest(at, limit, seen.get) == tuple(k for _, k in before[:limit])


def test_an_order_of_age_has_one_entry_a_row():
    ages = Ages()
    for hour in range(500):
        ages.note("a", NOON + timedelta(hours=hour))
    assert len(ages) == 1


series = st.builds(
    tally,
    victims=st.sampled_from(
        [None, "US forces", "American troops", "civilians", "Israeli civilians"]
    ),
    area=st.sampled_from([(), ("Iraq",), ("Iraq", "Syria"), ("Syria", "Iraq"), ("Gaza",)]),
    since=st.none() | st.dates(date(2023, 9, 20), date(2023, 11, 20)),
)


@given(series, series)
def test_tallies_of_one_series_share_a_mark(known, asked):
    """They are found by their marks, so that a tally costs nothing of those that it cannot be."""
    if is_same(known, asked, POLICY):
        assert asked_marks(asked, POLICY) & set(marks_of(known))


@pytest.mark.parametrize("gap", range(-7, 8))
def test_tallies_that_agree_in_their_start_alone_share_a_mark(gap):
    for day in range(14):
        start = date(2023, 10, 1) + timedelta(days=day)
        known = tally(victims=None, since=start)
        asked = tally(victims=None, since=start + timedelta(days=gap))
        assert is_same(known, asked, POLICY)
        assert asked_marks(asked, POLICY) & set(marks_of(known))


@given(st.lists(st.integers(0, 71), min_size=2, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_within_72_hours_of_disorder_the_same_stays(hours, rng):
    """What a late report is about is still there at its age cap, whoever's articles came before."""
    bombing = report((incident(code="FJ", killed=5),))
    late = NOON + POLICY.age_cap - timedelta(hours=1)
    first = ("first", bombing, NOON)
    rest = [("last", bombing, late)] + [
        (f"other {n}", somewhere(n), late + timedelta(hours=hour)) for n, hour in enumerate(hours)
    ]
    told = []
    for order in (sorted(rest, key=lambda one: one[2]), rng.sample(rest, len(rest))):
        book = IncidentBook()
        for name, one, at in (first, *order):
            taken(book, one, article_id=name, at=at)
        told.append(sorted(tuple(c.article_id for c in book.get(key).claims) for key in book))
    assert told[0] == told[1]
    assert ("first", "last") in told[0]
