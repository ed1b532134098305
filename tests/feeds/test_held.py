"""In which order bodies are read when several wait."""

from feed_bench import Inline, open_bench
from feed_server import feed, item

from monitor.feeds.held import MOST_BEHIND_S, behind_s


def test_the_larger_a_body_the_later_it_is_read_and_none_waits_for_ever():
    assert behind_s(30_000) < behind_s(300_000) < behind_s(1 << 30) == MOST_BEHIND_S


async def test_an_archive_lets_the_usual_feed_go_before_it():
    async with open_bench() as bench:
        archive = bench.server.add("/archive", feed(*(item(n) for n in range(1000))))
        usual = bench.server.add("/usual", feed(item(5000)))
        async with bench.poller(archive, usual) as poller:
            read = poller.visitor.pool = Inline()
            found = {}
            for url in (archive, usual):
                await poller.poll_now(url)
                found[url] = read.behind_s
    assert found[archive] > found[usual] + 10
