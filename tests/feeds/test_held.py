"""In which order bodies are read when several wait."""

from feed_bench import Inline, open_bench
from feed_server import feed, item

from monitor.feeds.feed import Feed


async def test_an_archive_and_the_usual_feed_are_read_by_turns():
    async with open_bench() as bench:
        archive = bench.server.add("/archive", feed(*(item(n) for n in range(1000))))
        usual = bench.server.add("/usual", feed(*(item(5000 + n) for n in range(30))))
        async with bench.poller() as poller:
            read = poller.visitor.pool = Inline()
            flows = []
            for url in (archive, usual):
                poller.set_feeds([Feed(url=url)])
                await poller.run_once()
                flows.append(read.flow)
    assert len(set(flows)) == 2
