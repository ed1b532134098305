"""Which entries are new: known again by guid, link or words, whichever can be trusted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.digest import read
from monitor.feeds.entries import MAX_SEEN, Entry, items_a_day, select, with_rows
from monitor.feeds.tasks import Task

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)


def entry(guid="g", link="http://news.example/1", title="T", content="C", raw="d"):
    return Entry(id=guid, link=link, title=title, content=content, published_raw=raw)


def polls(*documents):
    """Return what each poll sends: titles of new and of changed entries."""
    seen, sent = (), []
    for document in documents:
        chosen = select(with_rows(document), seen)
        seen = chosen.seen
        sent.append(([e.title for e in chosen.new], [e.title for e in chosen.changed]))
    return sent


NOTHING = ([], [])
ONE = entry()


@pytest.mark.parametrize(
    ("why", "first", "then", "sent"),
    [
        ("the same again", [ONE], [ONE], NOTHING),
        ("another guid and link", [ONE], [entry("h", "http://news.example/2", "U")], (["U"], [])),
        ("changed text", [ONE], [entry(content="C, corrected")], ([], ["T"])),
        ("changed title", [ONE], [entry(title="T2")], ([], ["T2"])),
        ("changed date only", [ONE], [entry(raw="later")], NOTHING),
        ("tracking added to the link", [ONE], [entry(link="http://news.example/1?utm_source=rss")], NOTHING),
        ("a new guid for a known link, same text", [ONE], [entry("other")], NOTHING),
        ("a new guid for a known link, other text", [ONE], [entry("other", content="X")], ([], ["T"])),
        ("a new link for a known guid", [ONE], [entry(link="http://news.example/moved")], NOTHING),
        ("guid and link made up anew", [ONE], [entry("r1", "http://news.example/s/99")], NOTHING),
        ("other white space", [ONE], [entry(content=" C\n ")], NOTHING),
        ("other markup around the same words", [ONE], [entry(content="<p class='n'>C<img src='t?2'></p>")], NOTHING),
        (
            "two flashes of a minute in the same words",
            [entry("1", "http://news.example/1", "Blast", "")],
            [entry("2", "http://news.example/2", "Blast", ""), entry("1", "http://news.example/1", "Blast", "")],
            (["Blast"], []),
        ),
        (
            "addresses of one day without title or text",
            [entry("1", "http://news.example/1", "", "")],
            [entry("2", "http://news.example/2", "", ""), entry("3", "http://news.example/3", "", "")],
            (["", ""], []),
        ),
        (
            "one guid for all entries",
            [entry("same", "http://news.example/1", "A"), entry("same", "http://news.example/2", "B")],
            [entry("same", "http://news.example/3", "C"), entry("same", "http://news.example/1", "A")],
            (["C"], []),
        ),
        (
            "one link for all entries",
            [entry("1", "http://news.example/", "A"), entry("2", "http://news.example/", "B")],
            [entry("3", "http://news.example/", "C"), entry("1", "http://news.example/", "A")],
            (["C"], []),
        ),
        (
            "neither guid nor link",
            [entry("", "", "A"), entry("", "", "B")],
            [entry("", "", "A"), entry("", "", "C")],
            (["C"], []),
        ),
        (
            "a guid that was shared and no longer is",
            [entry("x", "http://news.example/1", "A"), entry("x", "http://news.example/2", "B")],
            [entry("x", "http://news.example/1", "A")],
            NOTHING,
        ),
        ("the same entry twice in a document", [], [ONE, ONE], (["T"], [])),
        ("other news under the same words later", [entry("1", "", "Briefing", "", "d1")], [entry("2", "", "Briefing", "", "d2")], (["Briefing"], [])),
    ],
)  # fmt: skip
def test_an_entry_is_known_again(why, first, then, sent):
    assert polls(first, then)[1] == sent, why


def test_an_entry_that_leaves_and_comes_back_is_known():
    other = [entry(str(n), f"http://news.example/{n}", f"T{n}") for n in range(2, 30)]
    assert polls([ONE], other, [ONE, *other])[2] == NOTHING


@given(st.lists(st.lists(st.integers(0, 40), max_size=20), max_size=8))
def test_no_entry_is_ever_new_twice_while_it_is_remembered(documents):
    made = [
        [entry(str(n), f"http://news.example/{n}", f"T{n}") for n in dict.fromkeys(d)]
        for d in documents
    ]
    new = [title for sent in polls(*made) for title in sent[0]]
    assert len(new) == len(set(new))


@given(st.permutations(range(12)))
def test_the_order_of_a_document_changes_nothing(order):
    made = [entry(str(n), f"http://news.example/{n}", f"T{n}") for n in range(12)]
    assert polls(made, [made[n] for n in order])[1] == NOTHING


def test_memory_is_bounded():
    seen = ()
    for poll in range(8):
        made = [entry(f"{poll}-{n}", "") for n in range(600)]
        seen = select(with_rows(made), seen).seen
        assert len(seen) <= min(MAX_SEEN, 4 * 600)


def test_a_rate_is_counted_over_a_week_or_over_what_the_document_spans():
    def dated(*ages):
        return [Entry(title="x", published=NOW - age) for age in ages]

    hours = [timedelta(hours=h) for h in range(1, 25)]
    assert items_a_day(dated(*hours), NOW) == pytest.approx(24)
    days = [timedelta(days=d) for d in range(1, 30)]
    assert items_a_day(dated(*days), NOW) == pytest.approx(1)
    assert items_a_day(dated(timedelta(days=300)), NOW) == 0
    assert items_a_day([Entry(title="x")], NOW) is None


def test_addresses_of_a_feed_that_are_no_addresses_are_not_remembered():
    """What is remembered of a feed is one message in Kafka; a hub of three megabytes would stop the poller."""
    long = "https://hub.example/" + "x" * 3_000_000
    body = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>'
        f'<link rel="hub" href="{long}"/><link rel="self" href="{long}"/><link href="{long}"/>'
        "<entry><id>1</id><title>A</title></entry></feed>"
    )
    task = Task(body=body.encode(), url="https://a.example/", content_type="", now=NOW)
    found = read(task)
    assert len(found.selection.new) == 1
    assert (found.document.hub, found.document.topic, found.document.site) == ("", "", "")
