"""The commands ``poll`` and ``feeds`` as whole processes, over a server on loopback in this one."""

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, datetime, timedelta

import pytest
from feed_bench import until
from feed_server import Server, feed, http_time, item, page

pytestmark = pytest.mark.slow


@pytest.fixture
async def server():
    started = await Server().start()
    yield started
    await started.stop()


@pytest.fixture
def home(tmp_path):
    (tmp_path / "news-monitor.toml").write_text(
        f'state_dir = "{tmp_path}/state"\n[poll]\nlists = []\n'
    )
    return tmp_path


async def start(home, *argv):
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "monitor", *argv),
        cwd=home,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if not k.startswith("NEWS_MONITOR")},
    )


async def run(home, *argv, code=0):
    process = await start(home, *argv)
    out, err = await process.communicate()
    assert process.returncode == code, err.decode()
    return out.decode(), err.decode()


def opml(home, *urls):
    outlines = "".join(f'<outline text="x" xmlUrl="{url}"/>' for url in urls)
    path = home / "feeds.opml"
    path.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    return str(path)


def recent(n):
    at = datetime.now(UTC) - timedelta(minutes=n)
    return item(
        n,
        date=http_time(at),
        title=f"Tom &amp;amp; Jerry {n}",
        body="&lt;p&gt;5 &amp;lt; 6&lt;/p&gt;",
    )


POLL = ("poll", "--allow-private", "127.0.0.0/8", "--state", "st")


async def test_poll_once_writes_new_entries_once(server, home):
    feeds = opml(home, server.add("/feed", feed(recent(1), recent(2))))
    out, _ = await run(home, *POLL, "--feeds", feeds, "--once", "--min-interval", "0")
    lines = [json.loads(line) for line in out.splitlines()]
    assert [line["title"] for line in lines] == ["Tom & Jerry 2", "Tom & Jerry 1"]
    assert set(lines[0]) >= {"feed", "id", "link", "title", "published", "content"}
    assert lines[0]["content"] == "5 < 6"
    assert lines[0]["id"] == "guid-2"
    again, _ = await run(home, *POLL, "--feeds", feeds, "--once", "--min-interval", "0")
    assert again == ""
    assert len(server.requests) == 2


async def test_poll_moves_its_clock_and_writes_to_a_file(server, home):
    feeds = opml(home, server.add("/feed", feed(recent(1)), feed(recent(1), recent(3))))
    await run(home, *POLL, "--feeds", feeds, "--once", "--output", "out.jsonl")
    await run(home, *POLL, "--feeds", feeds, "--once", "--output", "out.jsonl")
    assert len(server.requests) == 1
    ahead = ("--clock-offset", "3600")
    await run(home, *POLL, "--feeds", feeds, "--once", "--output", "out.jsonl", *ahead)
    assert len((home / "out.jsonl").read_text().splitlines()) == 2


async def test_poll_watch_polls_on_and_ends_cleanly_on_sigterm(server, home):
    feeds = opml(home, server.add("/feed", feed(recent(1)), feed(recent(1), recent(2))))
    process = await start(home, *POLL, "--feeds", feeds, "--watch", "--min-interval", "0.2")
    await until(lambda: len(server.requests) >= 3)
    process.send_signal(signal.SIGTERM)
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("--feeds", "missing.opml"), "missing.opml: No such file"),
        (("--feeds", "bad.opml"), "not XML"),
        (("--feeds", "good.opml", "--allow-private", "nonsense"), "nonsense"),
        (("--feeds", "good.opml", "--output", "no/such/folder/x"), "no/such/folder/x"),
    ],
)
async def test_poll_tells_what_is_wrong_in_one_line(home, argv, words):
    (home / "bad.opml").write_text("hello")
    (home / "good.opml").write_text("<opml><body/></opml>")
    _, err = await run(home, "poll", "--state", "st", "--once", *argv, code=65)
    assert words in err
    assert "Traceback" not in err


async def test_feeds_are_added_by_discovery_shown_and_removed(server, home):
    target = server.add("/real.xml", feed(recent(1), head="<language>en</language>"))
    address = server.add(
        "/",
        page('<html><head><link rel=alternate type="application/rss+xml" href=/real.xml></head>'),
    )
    private = ("--allow-private", "127.0.0.0/8")
    out, _ = await run(home, "feeds", "add", address, "--country", "IQ", *private)
    assert f"added {target}" in out
    assert "Tom & Jerry 1" in out
    listed, _ = await run(home, "feeds", "list", "--json")
    assert json.loads(listed)["url"] == target
    exported, _ = await run(home, "feeds", "export")
    assert target in exported
    out, _ = await run(home, "feeds", "remove", target)
    assert "removed" in out
    assert (await run(home, "feeds", "list", "--json"))[0] == ""


async def test_shipped_lists_are_told_to_scripts_too(home):
    out, _ = await run(home, "feeds", "lists", "--json")
    assert "iraq" in {json.loads(line)["list"] for line in out.splitlines()}
    out, _ = await run(home, "feeds", "lists", "iraq", "--json")
    assert all(json.loads(line)["url"] for line in out.splitlines())


async def test_a_feed_of_its_own_proxy_is_looked_at_and_kept_with_it(server, home):
    server.routes["http://news.example/feed"] = [feed(recent(1))]
    proxy = server.url("")
    await run(home, "feeds", "add", "http://news.example/feed", "--proxy", proxy)
    listed, _ = await run(home, "feeds", "list", "--json")
    assert json.loads(listed)["proxy"] == proxy


async def test_what_is_no_feed_is_not_added(server, home):
    address = server.add("/", page("<html><body>Hello</body></html>"))
    private = ("--allow-private", "127.0.0.0/8")
    _, err = await run(home, "feeds", "add", address, *private, code=65)
    assert "html_page" in err
    _, err = await run(home, "feeds", "add", address, code=65)
    assert "address_refused" in err


async def test_status_history_pause_and_resume(server, home):
    url = server.add("/feed", feed(recent(1)))
    feeds = opml(home, url)
    await run(home, *POLL, "--feeds", feeds, "--once")
    out, _ = await run(home, "feeds", "status", url, "--state", "st")
    assert "next poll: in" in out
    assert "items a day" in out
    out, _ = await run(home, "feeds", "history", url, "--state", "st", "--json")
    assert json.loads(out)["result"] == "news"
    await run(home, "feeds", "pause", url, "--state", "st")
    ahead = ("--clock-offset", "90000")
    await run(home, *POLL, "--feeds", feeds, "--once", *ahead)
    assert len(server.requests) == 1
    await run(home, "feeds", "resume", url, "--state", "st")
    await run(home, *POLL, "--feeds", feeds, "--once", *ahead)
    assert len(server.requests) == 2


async def test_an_import_tells_each_feeds_fate_and_a_dry_run_changes_nothing(home):
    feeds = opml(home, "http://a.example/", "http://a.example/", "ftp://b.example/")
    out, _ = await run(home, "feeds", "import", feeds, "--dry-run")
    assert [line.split()[0] for line in out.splitlines()] == ["taken", "twice", "not_web", "1"]
    assert (await run(home, "feeds", "list", "--json"))[0] == ""
    await run(home, "feeds", "import", feeds)
    assert "http://a.example/" in (await run(home, "feeds", "list", "--json"))[0]


async def test_poll_ends_when_nobody_takes_its_lines_and_sends_them_next_time(server, home):
    feeds = opml(home, server.add("/feed", feed(recent(1))))
    argv = (*POLL, "--feeds", feeds, "--watch", "--min-interval", "0.2")
    await run(home, *argv, "--output", "/dev/full", code=65)
    out, _ = await run(home, *POLL, "--feeds", feeds, "--once", "--min-interval", "0")
    assert len(out.splitlines()) == 1


@pytest.mark.parametrize("order", ["pause", "resume", "poll", "remove"])
async def test_a_feed_that_nobody_knows_is_told_and_not_remembered(home, order):
    """A slip in the address must not look as if the feed were paused now."""
    (home / "st").mkdir()
    await run(home, *POLL, "--feeds", opml(home), "--once")
    _, err = await run(home, "feeds", order, "http://a.exmaple/", "--state", "st", code=65)
    assert err == "news-monitor: no feed http://a.exmaple/ (`news-monitor feeds list` shows them)\n"
    assert (await run(home, "feeds", "status", "--state", "st", "--json"))[0] == ""


@pytest.mark.parametrize("address", ["example.org/feed", "", "ftp://example.org/"])
async def test_what_is_no_address_is_told(home, address):
    _, err = await run(home, "feeds", "add", address, code=65)
    assert err.endswith("is no address: it begins with https:// or http://\n")
