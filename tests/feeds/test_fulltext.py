"""Full text: pages are fetched where the feed gives a stub, politely, and a wall is no text."""

import pytest
from feed_bench import open_bench
from feed_server import feed, item, moved, page, reply, silence

from monitor.feeds.articles import article_of
from monitor.feeds.feed import Feed, FullText
from monitor.feeds.page import read_page
from monitor.feeds.tasks import PageReason, PageTask
from schemas.reasons import TextOrigin

STUB = "A blast hit a market in the north of the town on Sunday."
BODY = (
    "A blast hit a crowded market in the north of the town on Sunday morning, the provincial council said. "
    "Shopkeepers described a flash and then smoke over the vegetable stalls. "
    "Ambulances carried the wounded to two hospitals, where doctors asked for blood. "
    "Nobody has said that they were behind it, and the council opened an inquiry into the guards at the gate. "
)
LONG = BODY * 3


def html(text=LONG, *, head="", lang="en", title="Blast hits market in the north"):
    paragraphs = "".join(f"<p>{part.strip()}.</p>" for part in text.split(". ") if part.strip())
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>{title}</title>'
        f'<meta property="og:title" content="{title}">{head}</head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{title}</h1>{paragraphs}</article>"
        "<footer>All rights reserved</footer></body></html>"
    )


def stub(bench, path="/a/1", *, body=STUB, date="Tue, 05 Mar 2024 10:00:00 GMT"):
    return feed(
        item(1, title="Blast hits market", link=bench.server.url(path), body=body, date=date)
    )


async def polled(bench, *, mode=None):
    url = bench.server.url("/feed")
    await bench.round(Feed(url=url, full_text=mode))
    (sighting,) = bench.sent
    return sighting


async def test_a_stub_gets_the_text_of_its_page():
    async with open_bench(full_text=FullText.AUTO) as bench:
        bench.server.add("/feed", stub(bench))
        bench.server.add("/a/1", page(html()))
        sighting = await polled(bench)
        article = article_of(sighting)
        assert sighting.text_origin is article.text_origin is TextOrigin.PAGE
        assert "asked for blood" in article.text
        assert "All rights reserved" not in article.text
        assert [r.path for r in bench.server.requests] == ["/feed", "/robots.txt", "/a/1"]


@pytest.mark.parametrize(
    ("mode", "body", "asked"),
    [
        (FullText.AUTO, LONG, False),
        (FullText.AUTO, LONG + " [&#8230;]", True),
        (FullText.AUTO, LONG + " Continue reading...", True),
        (FullText.AUTO, STUB, True),
        (FullText.ON, LONG, True),
        (FullText.OFF, STUB, False),
    ],
)
async def test_pages_are_asked_for_as_the_feed_is_set(mode, body, asked):
    async with open_bench(full_text=FullText.OFF) as bench:
        bench.server.add("/feed", stub(bench, body=body))
        bench.server.add("/a/1", page(html()))
        await polled(bench, mode=mode)
        assert bool(bench.server.asked("/a/1")) is asked


@pytest.mark.parametrize(
    ("robots", "asked"),
    [
        (reply(b"User-agent: *\nDisallow: /a/", kind="text/plain"), False),
        (reply(b"User-agent: news-monitor\nDisallow: /", kind="text/plain"), False),
        (reply(b"User-agent: other\nDisallow: /", kind="text/plain"), True),
        (reply(b"User-agent: *\nDisallow: /b/", kind="text/plain"), True),
        (reply(b"User-agent: *\nCrawl-delay: 600", kind="text/plain"), False),
        (reply(b"", 404), True),
        (reply(b"", 403), True),
        (reply(b"x", 503), False),
        (reply(b"\xff\xfe\x00 noise" * 50), True),
    ],
    ids=["all", "us", "others", "elsewhere", "slow", "404", "403", "503", "noise"],
)  # fmt: skip
async def test_robots_txt_is_honoured(robots, asked):
    async with open_bench(full_text=FullText.AUTO) as bench:
        bench.server.add("/feed", stub(bench))
        bench.server.add("/a/1", page(html()))
        bench.server.add("/robots.txt", robots)
        sighting = await polled(bench)
        assert bool(bench.server.asked("/a/1")) is asked
        assert STUB in article_of(sighting).text or asked


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"", 404),
        page("Just a moment", 403),
        silence,
        reply(b"%PDF-1.7 ...", kind="application/pdf"),
        page(html("Too short. ")),
        page(html(BODY + "Subscribe to continue reading. ")),
        page(html(BODY, head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>')),
        page(html("We value your privacy. Accept all cookies. " * 6)),
        page(html("Weather for the week: rain and sun with some wind on the coast. " * 12, title="Weather")),
        moved("/"),
    ],
    ids=["404", "403", "silence", "pdf", "short", "paywall", "locked", "consent", "other", "front page"],
)  # fmt: skip
async def test_where_the_page_gives_nothing_the_feeds_text_stands(answer):
    async with open_bench(full_text=FullText.AUTO) as bench:
        bench.server.add("/feed", stub(bench))
        bench.server.add("/a/1", answer)
        bench.server.add("/", page(html()))
        article = article_of(await polled(bench))
        assert article.text == STUB
        assert article.text_origin is TextOrigin.FEED


async def test_the_page_gives_address_date_and_language():
    head = (
        '<link rel="canonical" href="/a/one-and-only">'
        '<meta property="article:published_time" content="2024-03-05T09:30:00+03:00">'
    )
    async with open_bench(full_text=FullText.AUTO) as bench:
        bench.server.add("/feed", stub(bench, path="/go", date=""))
        bench.server.add("/go", moved("/a/1"))
        bench.server.add("/a/1", page(html(head=head)))
        await bench.round(Feed(url=bench.server.add("/empty", feed(" "))))
        sighting = await polled_later(bench)
        article = article_of(sighting)
        assert article.url.endswith("/a/one-and-only")
        assert article.published.isoformat() == "2024-03-05T06:30:00+00:00"
        assert article.utc_offset_minutes == 180
        assert article.language == "en"


async def polled_later(bench):
    """An entry without a date on a feed's first fetch is taken for old; here it appears later."""
    url = bench.server.url("/feed")
    full = bench.server.routes["/feed"][0]
    bench.server.add("/feed", feed(item(0, link=bench.server.url("/zero"))), full)
    bench.server.add("/zero", reply(b"", 404))
    await bench.round(Feed(url=url))
    await bench.round(Feed(url=url), hours=1)
    return bench.sent[-1]


async def test_old_entries_of_a_cold_start_cost_no_pages():
    async with open_bench(full_text=FullText.ON) as bench:
        bench.server.add("/feed", stub(bench, date="Mon, 01 Jan 2024 10:00:00 GMT"))
        await polled(bench)
        assert not bench.server.asked("/a/1")


async def test_many_stubs_cost_a_bounded_number_of_pages_and_none_is_lost():
    async with open_bench(full_text=FullText.AUTO) as bench:
        entries = [item(n, link=bench.server.url(f"/a/{n}"), body=STUB) for n in range(30)]
        bench.server.add("/feed", feed(*entries))
        for n in range(30):
            bench.server.add(f"/a/{n}", page(html(title=f"Entry {n} of the day")))
        await bench.round(bench.server.url("/feed"))
        asked = [r for r in bench.server.requests if r.path.startswith("/a/")]
        assert len(asked) == 12
        assert len(bench.sent) == 30


async def test_a_page_that_is_a_hundred_thousand_elements_is_no_article():
    source = "<html><body>" + "<i>x</i>" * 100_000
    task = PageTask(
        body=source.encode(),
        url="http://news.example/a",
        asked="http://news.example/a",
        content_type="text/html",
        now=None,
    )
    assert read_page(task).reason is PageReason.NOT_HTML
