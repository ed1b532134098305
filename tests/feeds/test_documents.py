"""Documents through the poller: sitemap indexes, long feeds, documents that hang or blow up their reader."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from feed_bench import open_bench
from feed_server import feed, item, reply

from monitor.children import ChildPool
from monitor.feeds import reading, rss
from monitor.feeds.digest import read
from monitor.feeds.discover import candidates
from monitor.feeds.language import language_of
from monitor.feeds.tasks import TARGET, Task
from schemas.feed import FetchResult as R

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)


def sitemap(*urls):
    rows = "".join(
        f"<url><loc>http://news.example/{u}</loc><news:news><news:publication_date>2024-03-05T10:00:00Z"
        f"</news:publication_date><news:title>Title {u}</news:title></news:news></url>"
        for u in urls
    )
    head = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return reply(f'<?xml version="1.0"?><urlset {head}>{rows}</urlset>'.encode(), kind="text/xml")


def index(*urls):
    rows = "".join(f"<sitemap><loc>{u}</loc></sitemap>" for u in urls)
    return reply(f"<sitemapindex>{rows}</sitemapindex>".encode(), headers=[("ETag", '"i"')])


async def test_the_sitemaps_of_an_index_are_read_and_a_missing_one_costs_no_other():
    async with open_bench() as bench:
        children = [bench.server.url(f"/{n}.xml") for n in range(3)]
        url = bench.server.add("/index.xml", index(*children))
        bench.server.add("/0.xml", sitemap("a", "b"))
        bench.server.add("/2.xml", sitemap("b", "c"), sitemap("b", "c", "d"))
        await bench.round(url)
        assert sorted(bench.titles) == ["Title a", "Title b", "Title c"]
        await bench.round(url, hours=1)
        assert bench.titles[3:] == ["Title d"]
        assert bench.server.asked("/index.xml")[1].get("If-None-Match") is None


async def test_an_index_of_indexes_or_of_itself_ends():
    async with open_bench() as bench:
        url = bench.server.url("/index.xml")
        bench.server.add("/index.xml", index(url, url))
        (state,) = await bench.round(url)
        assert state.history[-1].result == R.NOTHING_NEW
        assert len(bench.server.requests) <= 6


def test_a_feed_of_20000_entries_is_read_at_both_ends():
    document = feed(*(item(n) for n in range(20_000))).partition(b"\r\n\r\n")[2]
    source = rss.thinned(document.decode())
    assert source.count("<item>") == rss.MAX_ENTRIES
    assert "Entry 0<" in source
    assert "Entry 19999<" in source


@pytest.mark.slow
async def test_a_feed_of_20000_entries_ends_inside_its_limit():
    document = feed(*(item(n) for n in range(20_000)))
    async with open_bench(children=True) as bench:
        (state,) = await bench.round(bench.server.add("/feed", document))
        assert state.history[-1].result == R.NEWS
        assert len(bench.sent) == rss.MAX_ENTRIES


@pytest.mark.slow
async def test_the_largest_body_fits_the_childs_memory():
    body = "<p>A road is closed.</p>" * 50
    document = feed(*(item(n, body=f"<![CDATA[{body}]]>") for n in range(7000)))
    assert 9 << 20 < len(document) < 10 << 20
    async with open_bench(children=True) as bench:
        (state,) = await bench.round(bench.server.add("/feed", document))
        assert state.history[-1].result == R.NEWS


def hang(_payload):
    while True:
        pass


@pytest.mark.parametrize(
    ("target", "deadline_s", "memory", "result"),
    [
        ("test_documents:hang", 0.3, 400 << 20, R.PARSE_TOO_SLOW),
        (TARGET, 20, 1, R.PARSE_DIED),
        ("no_such_module:x", 20, 400 << 20, R.PARSE_DIED),
    ],
)
async def test_a_reader_that_does_not_answer_costs_its_feed_only(
    target, deadline_s, memory, result
):
    async with open_bench(children=True) as bench:
        url = bench.server.add("/feed", feed())
        pool = ChildPool(
            target=target,
            size=1,
            deadline_s=deadline_s,
            memory_bytes=memory,
            environ={
                "PYTHONPATH": f"{Path(__file__).parent}:{Path(__file__).parents[1] / 'support'}"
            },
        )
        async with bench.poller(url) as poller:
            poller.visitor.pool = pool
            await poller.run_once()
            state = poller.state(url)
        await pool.aclose()
        assert state.history[-1].result == result
        assert state.etag is None


async def test_the_loop_goes_on_while_a_document_is_read():
    """Reading is in another process: what runs here is not held up by it."""
    document = feed(*(item(n) for n in range(1500)))
    async with open_bench(children=True) as bench:
        url = bench.server.add("/feed", document)
        longest, last = 0.0, asyncio.get_running_loop().time()
        async with bench.poller(url) as poller:
            task = asyncio.create_task(poller.run_once())
            while not task.done():
                await asyncio.sleep(0.001)
                now = asyncio.get_running_loop().time()
                longest, last = max(longest, now - last), now
        assert len(bench.sent) == 1500
        # Reading takes a second and more; a stall of that length would mean that it was done here.
        assert longest < 1.0


def test_oversized_fields_are_cut_and_long_ids_hashed():
    entries = item(1, title="t" * 50_000, guid="g" * 90_000)
    task = Task(
        body=feed(entries).partition(b"\r\n\r\n")[2], url="http://x/", content_type="", now=NOW
    )
    (entry,) = read(task).selection.new
    assert len(entry.title) == 8000
    assert entry.id.startswith("hash:")


def test_what_the_child_answers_is_json_with_offsets_kept():
    entries = item(1, date="Tue, 05 Mar 2024 10:00:00 +0300")
    task = Task(
        body=feed(entries).partition(b"\r\n\r\n")[2], url="http://x/", content_type="", now=NOW
    )
    found = json.loads(reading.work(msgspec.msgpack.encode(task)))
    assert found["selection"]["new"][0]["published"] == "2024-03-05T10:00:00+03:00"


PAGE = """<html><head><base href="http://news.example/sub/">
<link rel="alternate" type="application/rss+xml" title="Comments" href="comments.xml">
<link rel="ALTERNATE" type="application/rss+xml; charset=utf-8" title="News" href="news.xml">
<link rel="alternate" type="text/html" hreflang="ar" href="/ar">
<link rel="alternate" type="application/feed+json" href="//cdn.example/feed.json">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
</head><body><a href="/feed/atom.xml">Atom</a><a href="/about">About</a></body></html>"""


def test_a_pages_feeds_are_found_comments_last():
    assert [found.url for found in candidates(PAGE, "http://news.example/x")] == [
        "http://news.example/sub/news.xml",
        "http://cdn.example/feed.json",
        "http://news.example/feed/atom.xml",
        "http://news.example/sub/comments.xml",
    ]


@pytest.mark.parametrize("page", ["", "<", "\x00", "<html>" + "<a href='" * 5000])
def test_no_page_breaks_discovery(page):
    assert candidates(page, "http://news.example/") == ()


ENGLISH = "The mayor said that the road over the old bridge stays closed until further notice. " * 4
ARABIC = "قال رئيس البلدية إن الطريق فوق الجسر القديم سيبقى مغلقا حتى إشعار آخر بعد الانفجار."


@pytest.mark.parametrize(
    ("text", "claims", "language"),
    [
        (ENGLISH, (), "en"),
        (ENGLISH, ("en-GB",), "en"),
        (ENGLISH, ("ar",), "en"),
        (ENGLISH, ("fr",), "en"),
        (ARABIC, (), "ar"),
        (ARABIC, ("en-us",), "ar"),
        (ARABIC, ("ar-IQ",), "ar"),
        ("تەقینەوەیەک لە نزیک بازاڕ ڕوویدا و دوو کەس بریندار بوون", ("ckb",), "ckb"),
        ("Blast", ("fr",), "fr"),
        ("", ("fr",), "fr"),
        ("", (), ""),
        ("1234 5678", ("xx-yy-zz",), "xx"),
        ("Старый мост закрыт до дальнейшего уведомления, сообщил мэр города.", ("en",), "ru"),
    ],
)
def test_the_language_is_believed_where_the_words_bear_it_out(text, claims, language):
    assert language_of(text, *claims) == language


@pytest.mark.parametrize(
    ("markup", "resolved"),
    [
        ('<a href="/a/1">x</a>', 'href="http://news.example/a/1"'),
        ("<img src='pic.jpg'>", "http://news.example/pic.jpg"),
        ('<a href="http://other.example/">x</a>', 'href="http://other.example/"'),
        ('<a href="#note">x</a>', "#note"),
    ],
)
def test_relative_links_in_markup_are_resolved(markup, resolved):
    entries = item(1, body=f"<![CDATA[<p>Words {markup}</p>]]>")
    body = feed(entries).partition(b"\r\n\r\n")[2]
    task = Task(body=body, url="http://news.example/feed", content_type="", now=NOW)
    (entry,) = read(task).selection.new
    assert resolved in entry.content
