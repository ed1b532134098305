"""Pacing over real requests: waiting as asked, backing off, never giving up, redirects learned, hosts spared."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest
from feed_bench import go_public, open_bench, until
from feed_server import feed, http_time, item, moved, reply, silence

from monitor.feeds.feed import Feed
from monitor.feeds.rules import PollPolicy
from schemas.feed import FeedStatus, IntervalReason
from schemas.feed import FetchResult as R


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
async def test_retry_after_is_heeded_in_both_forms(status, form):
    async with open_bench() as bench:
        until = bench.clock.now() + timedelta(seconds=900)
        value = "900" if form == "seconds" else http_time(until)
        url = bench.server.add("/feed", reply(b"", status, [("Retry-After", value)]), feed())
        (state,) = await bench.round(url)
        assert state.interval_why == IntervalReason.RETRY_AFTER
        await bench.round(url, seconds=890)
        assert len(bench.server.asked()) == 1
        await bench.round(url, seconds=11)
        assert len(bench.server.asked()) == 2


@pytest.mark.parametrize("value", ["0", "-5", "soon", "Wed, 01 Jan 2020 00:00:00 GMT"])
async def test_a_retry_after_that_asks_for_nothing_is_a_failure_like_others(value):
    """A server in trouble that says "at once" must not be asked at the shortest interval for ever."""
    async with open_bench() as bench:
        url = bench.server.add("/feed", reply(b"", 503, [("Retry-After", value)]))
        (state,) = await bench.round(url)
        assert state.interval_why == IntervalReason.BACK_OFF
        assert state.not_before_at - bench.clock.now() == timedelta(seconds=1200)


async def test_retry_after_of_a_public_host_is_heeded_by_all_its_feeds():
    async with open_bench() as bench:
        bench.server.add("/a", reply(b"", 429, [("Retry-After", "3600")]))
        bench.server.add("/b", feed())
        a, b, c = "http://one.example/a", "http://one.example/b", "http://two.example/b"
        async with bench.poller(a, b, c) as poller:
            go_public(poller, bench.server)
            await poller.run_once()
            assert poller.state(b).failures == 0
            assert poller.state(b).not_before_at == poller.state(a).not_before_at
            assert poller.state(c).last_success_at is not None
        assert len(bench.server.asked("/b")) == 1


async def test_retry_after_of_a_private_host_is_for_the_feed_alone():
    async with open_bench() as bench:
        a = bench.server.add("/a", reply(b"", 429, [("Retry-After", "3600")]))
        b = bench.server.add("/b", feed())
        states = await bench.round(a, b)
        assert states[1].last_success_at is not None


async def test_failures_back_off_to_a_day_and_park_after_thirty():
    async with open_bench() as bench:
        url = bench.server.add("/feed", reply(b"", 500))
        waits = []
        for _ in range(32):
            (state,) = await bench.round(url)
            waits.append((state.not_before_at - bench.clock.now()).total_seconds())
            bench.clock.advance(seconds=waits[-1] + 1)
        assert waits[:6] == [1200, 2400, 4800, 9600, 19200, 38400]
        assert waits[8:] == [86400.0] * 24
        assert state.state == FeedStatus.PARKED
        assert state.interval_why == IntervalReason.PARKED
        assert len(bench.server.asked()) == 32


async def test_a_parked_feed_that_answers_is_active_again():
    async with open_bench() as bench:
        url = bench.server.add("/feed", *[reply(b"", 410)] * 2, feed())
        (first,) = await bench.round(url)
        assert first.state == FeedStatus.FAILING
        (parked,) = await bench.round(url, hours=1)
        assert (parked.state, parked.interval_why) == (FeedStatus.PARKED, IntervalReason.PARKED)
        (active,) = await bench.round(url, hours=25)
        assert (active.state, active.failures) == (FeedStatus.ACTIVE, 0)
        assert bench.titles == ["Entry 1"]


async def test_404_is_soft():
    async with open_bench() as bench:
        url = bench.server.add("/feed", *[reply(b"", 404)] * 5, feed())
        for _ in range(6):
            (state,) = await bench.round(url, hours=25)
        assert state.state == FeedStatus.ACTIVE


@pytest.mark.parametrize("status", [301, 308])
async def test_a_permanent_redirect_is_learned_after_three_in_a_row(status):
    async with open_bench() as bench:
        url = bench.server.add("/feed", moved("/new", status))
        target = bench.server.add("/new", feed())
        learned = []
        for _ in range(5):
            (state,) = await bench.round(url, minutes=20)
            learned.append(state.moved_to)
        assert learned == [None, None, target, target, target]
        assert len(bench.server.asked("/feed")) == 3
        assert len(bench.sent) == 1


@pytest.mark.parametrize("status", [302, 303, 307])
async def test_a_temporary_redirect_is_followed_and_not_learned(status):
    async with open_bench() as bench:
        url = bench.server.add("/feed", moved("/new", status))
        bench.server.add("/new", feed())
        for _ in range(5):
            (state,) = await bench.round(url, minutes=20)
        assert (state.moved_to, len(bench.server.asked("/feed"))) == (None, 5)


async def test_only_the_permanent_part_of_a_chain_is_learned():
    async with open_bench() as bench:
        url = bench.server.add("/feed", moved("/a", 301))
        first = bench.server.add("/a", moved("/b", 302))
        bench.server.add("/b", feed())
        for _ in range(3):
            (state,) = await bench.round(url, minutes=20)
        assert state.moved_to == first


async def test_a_redirect_that_changes_is_not_learned():
    async with open_bench() as bench:
        url = bench.server.add("/feed", *(moved(f"/{n % 2}", 301) for n in range(8)))
        bench.server.add("/0", feed())
        bench.server.add("/1", feed())
        for _ in range(8):
            (state,) = await bench.round(url, minutes=20)
        assert state.moved_to is None


async def test_a_redirect_to_no_feed_is_not_learned():
    async with open_bench() as bench:
        url = bench.server.add("/feed", moved("/login", 301))
        bench.server.add("/login", reply(b"<html>log in", kind="text/html"))
        for _ in range(5):
            (state,) = await bench.round(url, hours=25)
        assert state.moved_to is None


async def test_a_learned_address_that_fails_is_unlearned():
    async with open_bench() as bench:
        url = bench.server.add("/feed", *[moved("/new", 301)] * 3, feed())
        bench.server.add("/new", *[feed()] * 3, reply(b"", 404))
        for _ in range(7):
            (state,) = await bench.round(url, hours=25)
        assert (state.moved_to, state.state) == (None, FeedStatus.ACTIVE)


async def test_ten_redirects_are_followed_and_eleven_are_not():
    async with open_bench() as bench:
        for n in range(11):
            bench.server.add(f"/{n}", moved(f"/{n + 1}"))
        bench.server.add("/11", feed())
        ten, eleven = await bench.round(bench.server.url("/1"), bench.server.url("/0"))
        assert ten.history[-1].result == R.NEWS
        assert eleven.history[-1].result == R.TOO_MANY_REDIRECTS


async def test_credentials_go_to_their_own_host_only():
    async with open_bench() as bench:
        bench.server.add("/feed", moved("http://other.example/feed2"))
        bench.server.add("/feed2", feed())
        url = "http://user:p%40ss@one.example/feed"
        async with bench.poller(url) as poller:
            go_public(poller, bench.server)
            await poller.run_once()
            state = poller.state(url)
        first, second = bench.server.requests
        assert first.get("Authorization") == "Basic dXNlcjpwQHNz"
        assert second.get("Authorization") is None
        assert "p%40ss" not in str(state.history)


async def test_feeds_of_a_public_host_start_five_seconds_apart_one_at_a_time():
    async with open_bench() as bench:
        urls = [f"http://one.example/{n}" for n in range(6)]
        for n in range(6):
            bench.server.add(f"/{n}", feed())
        async with bench.poller(*urls) as poller:
            go_public(poller, bench.server)
            await poller.run_once()
        times = [r.at for r in bench.server.requests]
        gaps = {(b - a).total_seconds() for a, b in pairwise(times)}
        assert gaps == {5.0}
        assert bench.server.most_at_once == 1


async def test_a_slow_host_holds_up_nobody_else():
    async with open_bench() as bench:
        bench.server.add("/slow", silence)
        bench.server.add("/fast", feed())
        slow = [f"http://slow.example/slow?{n}" for n in range(20)]
        async with bench.poller(*slow, "http://fast.example/fast") as poller:
            go_public(poller, bench.server)
            task = asyncio.create_task(poller.run_once())
            await until(lambda: poller.state("http://fast.example/fast").last_success_at)
            assert len(bench.server.asked("/slow")) <= 1
            task.cancel()


async def test_a_public_host_is_never_asked_more_often_than_once_a_minute():
    policy = PollPolicy(private_floor_s=0.0, private_interval_s=0.1)
    async with open_bench(policy=policy) as bench:
        bench.server.add("/feed", feed())
        url = "http://one.example/feed"
        async with bench.poller(Feed(url=url, interval_s=1)) as poller:
            go_public(poller, bench.server)
            await poller.run_once()
            state = poller.state(url)
        assert (state.interval_s, state.interval_why) == (60.0, IntervalReason.FLOOR)


@pytest.mark.parametrize(
    ("headers", "inside", "floor_s", "why"),
    [
        ([("Cache-Control", "public, max-age=1800")], "", 1800, IntervalReason.SERVER_MAX_AGE),
        ([("Cache-Control", "max-age=1800"), ("Age", "600")], "", 1200, IntervalReason.SERVER_MAX_AGE),
        ([("Cache-Control", "max-age=31536000")], "", 86400, IntervalReason.SERVER_MAX_AGE),
        ([("Cache-Control", "max-age=60"), ("Expires", "Tue, 05 Mar 2024 13:00:00 GMT")], "", 600, IntervalReason.CONFIGURED),
        ([("Expires", "Tue, 05 Mar 2024 13:00:00 GMT")], "", 3600, IntervalReason.SERVER_EXPIRES),
        ([("Expires", "0")], "", 600, IntervalReason.CONFIGURED),
        ([], "<ttl>45</ttl>", 2700, IntervalReason.FEED_TTL),
        ([], "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>12</sy:updateFrequency>", 7200, IntervalReason.FEED_TTL),
        ([], "<sy:updatePeriod>weekly</sy:updatePeriod>", 86400, IntervalReason.FEED_TTL),
        ([], "<ttl>soon</ttl>", 600, IntervalReason.CONFIGURED),
    ],
)  # fmt: skip
async def test_the_server_and_the_feed_say_how_often(headers, inside, floor_s, why):
    async with open_bench() as bench:
        url = bench.server.add("/feed", feed(head=inside, headers=headers))
        (state,) = await bench.round(Feed(url=url, interval_s=600))
        assert (state.interval_s, state.interval_why) == (floor_s, why)
        assert state.next_at >= bench.clock.now() + timedelta(seconds=floor_s * 0.9)


async def test_the_feeds_own_wish_is_remembered_over_a_304():
    async with open_bench() as bench:
        first = feed(head="<ttl>45</ttl>", headers=[("ETag", '"a"')])
        url = bench.server.add("/feed", first, reply(b"", 304))
        for _ in range(2):
            (state,) = await bench.round(Feed(url=url, interval_s=60), hours=1)
        assert (state.interval_s, state.interval_why) == (2700, IntervalReason.FEED_TTL)


async def test_a_busy_feed_is_asked_more_often_than_a_quiet_one():
    async with open_bench() as bench:
        now = bench.clock.now()

        def dated(count, gap):
            return feed(*(item(n, date=http_time(now - n * gap)) for n in range(count)))

        busy = bench.server.add("/busy", dated(40, timedelta(minutes=5)))
        quiet = bench.server.add("/quiet", dated(10, timedelta(days=2)))
        fast, slow = await bench.round(busy, quiet)
        assert fast.interval_why == slow.interval_why == IntervalReason.PUBLISHING_RATE
        assert 60 <= fast.interval_s < 100
        assert slow.interval_s > 5 * 3600


async def test_the_watch_polls_again_when_the_time_comes():
    async with open_bench() as bench:
        bench.clock.runs = False
        url = bench.server.add("/feed", *(feed(item(n)) for n in range(1, 9)))
        async with bench.poller(Feed(url=url, interval_s=600)) as poller:
            task = asyncio.create_task(poller.run())
            for count in (1, 2, 3):
                await until(lambda count=count: len(bench.sent) >= count)
                await asyncio.sleep(0.01)
                bench.clock.advance(seconds=661)
            poller.stop()
            await task
        assert len(bench.server.asked()) >= 3


@pytest.mark.parametrize("back", [{"days": -1}, {"hours": -1}, {"minutes": -11}])
async def test_a_clock_that_is_set_back_puts_off_no_feed(back):
    """What the old clock decided holds from now on: a feed that was polled a day ahead is not silent for a day."""
    async with open_bench() as bench:
        bench.clock.runs = False
        url = bench.server.add("/feed", feed(item(1)), feed(item(2)))
        async with bench.poller(Feed(url=url, interval_s=600)) as poller:
            task = asyncio.create_task(poller.run())
            await until(lambda: len(bench.sent) >= 1 and not poller.under_way)
            bench.clock.advance(**back)
            poller._changed.set()  # It looks at the clock once a minute.
            await asyncio.sleep(0.01)
            bench.clock.advance(seconds=661)
            await until(lambda: len(bench.sent) >= 2)
            poller.stop()
            await task


async def test_a_clock_that_is_set_back_makes_no_host_wait():
    async with open_bench() as bench:
        bench.server.add("/a", feed())
        bench.server.add("/b", feed())
        a, b = "http://one.example/a", "http://one.example/b"
        async with bench.poller(a) as poller:
            go_public(poller, bench.server)
            await poller.run_once()
            bench.clock.advance(days=-1)
            before = bench.clock.now()
            poller.set_feeds([Feed(url=b)])
            await poller.run_once()
            assert bench.clock.now() - before < timedelta(seconds=10)


async def test_feeds_are_added_and_taken_away_while_running():
    async with open_bench() as bench:
        bench.clock.runs = False
        a, b = bench.server.add("/a", feed(item(1))), bench.server.add("/b", feed(item(2)))
        async with bench.poller(a) as poller:
            task = asyncio.create_task(poller.run())
            await until(lambda: len(bench.sent) >= 1)
            poller.set_feeds([Feed(url=b)])
            await until(lambda: len(bench.sent) >= 2)
            bench.clock.advance(days=1)
            await asyncio.sleep(0.05)
            poller.stop()
            await task
        assert len(bench.server.asked("/a")) == 1


async def test_stopping_ends_polls_under_way_and_keeps_what_was_sent(monkeypatch):
    monkeypatch.setattr("monitor.feeds.poller.STOP_GRACE_S", 0.05)
    async with open_bench() as bench:
        bench.clock.runs = False
        slow, fast = bench.server.add("/slow", silence), bench.server.add("/fast", feed())
        async with bench.poller(slow, fast) as poller:
            task = asyncio.create_task(poller.run())
            await until(lambda: bench.sent)
            poller.stop()
            await task
        assert bench.store.states[fast].last_success_at
        assert slow not in bench.store.states


async def test_a_round_ends_early_where_it_is_stopped(monkeypatch):
    monkeypatch.setattr("monitor.feeds.poller.STOP_GRACE_S", 0.05)
    async with open_bench() as bench:
        slow = bench.server.add("/slow", silence)
        async with bench.poller(slow) as poller:
            task = asyncio.create_task(poller.run_once())
            await until(lambda: bench.server.requests)
            poller.stop()
            await task
        assert slow not in bench.store.states


async def test_fetching_pauses_while_too_much_waits_to_be_read():
    """Fetching is faster than reading: without this, memory would grow with the number of feeds."""
    async with open_bench() as bench:
        urls = [bench.server.add(f"/{n}", feed()) for n in range(20)]
        async with bench.poller(*urls) as poller:
            fetcher, most = poller.visitor.fetcher, 0
            fetcher.held.max_bytes = 2000
            read = poller.visitor.pool.run

            async def slowly(payload, **more):
                nonlocal most
                most = max(most, fetcher.held.used)
                await asyncio.sleep(0)
                return await read(payload, **more)

            poller.visitor.pool.run = slowly
            fetcher._places = asyncio.Semaphore(2)
            await poller.run_once()
        assert len(bench.sent) == 20
        assert most < 2000 + 3 * 1000
        assert fetcher.held.used == 0
