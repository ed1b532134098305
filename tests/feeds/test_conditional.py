"""Conditional requests: what a server said is said back to it, byte for byte, and a 304 costs nobody anything."""

from datetime import timedelta

import pytest
from feed_bench import open_bench
from feed_server import feed, gz, item, moved, reply, rss

from schemas.feed import FetchResult as R

ETAG, DATE = 'W/"x; é\'y"', "Tue,  05 Mar 2024 09:59:59  GMT"


def not_modified(*headers):
    return reply(b"", 304, headers)


async def test_both_validators_come_back_byte_for_byte():
    async with open_bench() as bench:
        url = bench.server.add(
            "/feed", feed(headers=[("ETag", ETAG), ("Last-Modified", DATE)]), not_modified()
        )
        await bench.round(url)
        (state,) = await bench.round(url, minutes=10)
        first, second = bench.server.asked()
        assert (first.get("If-None-Match"), first.get("If-Modified-Since")) == (None, None)
        assert (second.get("If-None-Match"), second.get("If-Modified-Since")) == (ETAG, DATE)
        assert state.history[-1].result == R.NOT_MODIFIED
        assert len(bench.sent) == 1


@pytest.mark.parametrize(
    ("then", "etag", "date"),
    [
        ([("ETag", '"b"'), ("Last-Modified", DATE)], '"b"', DATE),
        ([("ETag", '"a"'), ("Last-Modified", "Wed, 06 Mar 2024 09:00:00 GMT")], '"a"', "Wed, 06 Mar 2024 09:00:00 GMT"),
        ([("ETag", '"b"')], '"b"', None),
        ([("Last-Modified", DATE)], None, DATE),
        ([], None, None),
    ],
    ids=["etag changed", "date changed", "date gone", "etag gone", "both gone"],
)  # fmt: skip
@pytest.mark.parametrize("body", ["same", "other"])
async def test_a_full_answer_sets_both_validators_also_with_the_same_body(then, etag, date, body):
    """A server that is asked with a stale validator sends its whole feed for ever."""
    later = item(1) if body == "same" else item(2)
    async with open_bench() as bench:
        first = feed(item(1), headers=[("ETag", '"a"'), ("Last-Modified", DATE)])
        url = bench.server.add("/feed", first, feed(later, headers=then), not_modified())
        for _ in range(3):
            await bench.round(url, minutes=10)
        third = bench.server.asked()[2]
        assert (third.get("If-None-Match"), third.get("If-Modified-Since")) == (etag, date)


async def test_new_validators_of_a_304_are_taken_and_missing_ones_kept():
    async with open_bench() as bench:
        url = bench.server.add(
            "/feed",
            feed(headers=[("ETag", '"a"'), ("Last-Modified", DATE)]),
            not_modified(("ETag", '"b"')),
            not_modified(),
        )
        for _ in range(3):
            await bench.round(url, minutes=10)
        third = bench.server.asked()[2]
        assert (third.get("If-None-Match"), third.get("If-Modified-Since")) == ('"b"', DATE)


async def test_no_validator_is_made_up():
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(headers=[("Date", DATE)]))
        for _ in range(2):
            await bench.round(url, minutes=10)
        for request in bench.server.asked():
            assert request.get("If-None-Match") is None
            assert request.get("If-Modified-Since") is None


async def test_an_unchanged_body_without_validators_is_not_read_again():
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed())
        await bench.round(url)
        (state,) = await bench.round(url, minutes=10)
        assert state.history[-1].result == R.SAME_BODY
        assert len(bench.sent) == 1


async def test_a_server_that_says_304_for_ever_is_asked_without_conditions_after_eight_days():
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(headers=[("ETag", '"a"')]), not_modified())
        await bench.round(url)
        for _ in range(9):
            await bench.round(url, days=1)
        conditional = [r.get("If-None-Match") is not None for r in bench.server.asked()]
        assert conditional[:8] == [False] + [True] * 7
        assert conditional[8] is False


async def test_validators_of_a_document_that_could_not_be_read_are_not_kept():
    """Else the server would say 304 for ever to a reader that never saw its entries."""
    async with open_bench() as bench:
        broken = reply(b"half a doc", headers=[("ETag", '"broken"')])
        url = bench.server.add("/feed", broken, feed())
        await bench.round(url)
        await bench.round(url, hours=25)
        assert bench.server.asked()[1].get("If-None-Match") is None
        assert bench.titles == ["Entry 1"]


async def test_validators_are_for_the_address_that_gave_them():
    async with open_bench() as bench:
        url = bench.server.add("/feed", moved("/real"))
        bench.server.add("/real", feed(headers=[("ETag", '"r"')]), not_modified())
        for _ in range(2):
            await bench.round(url, minutes=10)
        assert [r.get("If-None-Match") for r in bench.server.asked("/feed")] == [None, None]
        assert [r.get("If-None-Match") for r in bench.server.asked("/real")] == [None, '"r"']


async def test_an_oversized_etag_is_not_kept():
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(headers=[("ETag", '"' + "e" * 5000 + '"')]))
        (state,) = await bench.round(url)
        assert state.etag is None


async def test_only_the_feed_is_asked_for_and_the_request_is_plain():
    async with open_bench() as bench:
        url = bench.server.add(
            "/feed", reply(gz(rss()), headers=[("Content-Encoding", "gzip"), ("Set-Cookie", "a=b")])
        )
        for _ in range(2):
            await bench.round(url + "?a=1&b=%20c", minutes=10)
        assert [r.path for r in bench.server.requests] == ["/feed?a=1&b=%20c"] * 2
        request = bench.server.requests[1]
        names = {name.lower() for name, _ in request.headers}
        assert request.method == "GET"
        assert names == {"host", "user-agent", "accept", "accept-encoding"}
        assert request.get("Accept-Encoding") == "gzip, br, zstd"
        assert request.get("User-Agent").startswith("news-monitor/")
        assert "+http" in request.get("User-Agent")
        assert "application/rss+xml" in request.get("Accept")


async def test_a_feed_is_asked_once_in_a_round_and_not_before_the_floor():
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(headers=[("Cache-Control", "max-age=300")]))
        await bench.round(url, url)
        await bench.round(url)
        assert len(bench.server.asked()) == 1
        await bench.round(url, seconds=301)
        assert len(bench.server.asked()) == 2


async def test_twenty_restarts_send_nothing_twice():
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(*(item(n, date="") for n in range(30))))
        for _ in range(20):
            await bench.round(url, minutes=10)
        assert len(bench.sent) == 30
        assert bench.batches == 1


async def test_changed_entries_are_sent_as_revisions_and_new_ones_as_new():
    async with open_bench() as bench:
        url = bench.server.add(
            "/feed",
            feed(item(1), item(2)),
            feed(item(3), item(1, body="4 killed"), item(2)),
        )
        await bench.round(url)
        await bench.round(url, minutes=10)
        later = [(s.entry.title, s.revision) for s in bench.sent[2:]]
        assert later == [("Entry 3", False), ("Entry 1", True)]


async def test_a_cold_start_marks_what_is_old_and_what_has_no_date():
    async with open_bench() as bench:
        now = bench.clock.now()
        dates = [now - timedelta(hours=h) for h in (1, 23, 25, 900)]
        entries = [
            item(n, date=at.strftime("%a, %d %b %Y %H:%M:%S +0000")) for n, at in enumerate(dates)
        ]
        url = bench.server.add("/feed", feed(*entries, item(9, date="")))
        await bench.round(url)
        marked = {s.entry.title: s.known_at_start for s in bench.sent}
        assert marked == {
            "Entry 0": False,
            "Entry 1": False,
            "Entry 2": True,
            "Entry 3": True,
            "Entry 9": True,
        }


async def test_an_old_entry_that_appears_later_is_news():
    async with open_bench() as bench:
        old = "Mon, 01 Jan 2024 10:00:00 GMT"
        url = bench.server.add("/feed", feed(item(1)), feed(item(1), item(2, date=old)))
        await bench.round(url)
        await bench.round(url, minutes=10)
        assert [s.known_at_start for s in bench.sent] == [False, False]


async def test_what_could_not_be_sent_is_sent_again():
    """The state is saved only after the receiver took the entries."""
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed())
        take, bench.emit = bench.emit, _refuse
        await bench.round(url)
        assert url not in bench.store.states
        bench.emit = take
        await bench.round(url, minutes=10)
        assert bench.titles == ["Entry 1"]


async def _refuse(_sightings):
    raise OSError


async def test_a_store_that_fails_makes_nothing_be_sent_twice():
    """As long as the process lives: what was sent is known in memory."""
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(item(1)), feed(item(1), item(2)))
        async with bench.poller(url) as poller:
            save, poller.visitor.store.save = poller.visitor.store.save, _refuse
            await poller.run_once()
            poller.visitor.store.save = save
            bench.clock.advance(minutes=10)
            await poller.run_once()
        assert bench.titles == ["Entry 1", "Entry 2"]
