"""The poller's memory in a file: one row that cannot be read costs no other."""

import sqlite3

from structlog.testing import capture_logs

from monitor.feeds.store import FILE, SqliteStore
from schemas.feed import FeedState


async def test_a_state_that_cannot_be_read_is_begun_anew_and_told(tmp_path):
    store = SqliteStore(tmp_path)
    good, bad = FeedState(url="https://a.example/"), FeedState(url="https://b.example/")
    await store.save(good)
    await store.save(bad)
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("UPDATE feeds SET state = 'x' WHERE url = ?", (bad.url,))
    with capture_logs() as logs:
        assert await store.load() == {good.url: good}
    assert [line["feed"] for line in logs] == [bad.url]
