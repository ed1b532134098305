"""Every way in which a server, a name or a document may misbehave, in one table and one round.

All feeds of the table are polled at once, beside healthy ones; each row says how its feed must end.
"""

import asyncio
import json
import zlib

import brotli
import pytest
import zstandard
from feed_bench import open_bench
from feed_server import (
    bomb,
    chunked,
    drip,
    feed,
    flood,
    gz,
    head,
    item,
    moved,
    page,
    reply,
    rss,
    silence,
)

from monitor.feeds.feed import Feed
from monitor.feeds.fetch import Limits
from schemas.feed import FetchResult as R

MB = 1 << 20
ENTITY_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
    + ']><rss version="2.0"><channel><title>T</title><item><title>Laugh &m;</title>'
    "<guid>1</guid></item></channel></rss>"
)
QUADRATIC = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'
    f'<rss version="2.0"><channel><title>T</title><item><title>Q</title><guid>1</guid>'
    f"<description>{'&a;' * 50_000}</description></item></channel></rss>"
)
EXTERNAL = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    '<rss version="2.0"><channel><title>T</title><item><title>Ext &f;</title>'
    "<guid>1</guid></item></channel></rss>"
)
PARAMETER = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>'
    '<rss version="2.0"><channel><title>T</title><item><title>Par</title>'
    "<guid>1</guid></item></channel></rss>"
)
GOOD_ENTITY = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY eacute "&#233;">]>'
    '<rss version="2.0"><channel><title>T</title><item><title>Caf&eacute;</title>'
    "<guid>1</guid></item></channel></rss>"
)
NETSCAPE = (
    '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>'
    "<title>T</title><item><title>Old</title><link>http://news.example/o</link></item>"
    "</channel></rss>"
)
ONE_BAD = rss(
    item(1, title="Before"),
    "<item><title>Bad & broken <b</title><guid>x</item>",
    item(3, title="After"),
)
ARABIC = rss(item(1, title="انفجار في بغداد"))
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "items": [None, 7, {"id": 3, "title": "Json", "content_text": "x"}],
    }
).encode()
CLOUDFLARE = (
    "<html><title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x></script>"
)
HTML = (
    '<!DOCTYPE html><html><head><link rel="alternate" type="application/rss+xml" href="/real.xml">'
    "</head><body>Welcome</body></html>"
)


def many_headers(count):
    return reply(rss(), headers=[(f"X-{n}", "v") for n in range(count)])


# name, reply, expected result, expected titles (None: none asked), expected words in the detail
TABLE = [
    # What is large, slow or endless.
    ("a body of 64 MiB", flood(head(200, [("Connection", "close")]) + b"<rss>", b"x" * MB, 64), R.TOO_LARGE, None, ""),
    ("a body announced as 64 MiB", head(200, [("Content-Length", str(64 * MB))]) + b"<rss>", R.TOO_LARGE, None, "announced"),
    ("a gzip bomb of 200 MiB", reply(bomb(200), headers=[("Content-Encoding", "gzip")]), R.TOO_LARGE, None, ""),
    ("a gzip bomb that is not announced", reply(bomb(50)), R.TOO_LARGE, None, ""),
    ("a gzip bomb in gzip", reply(gz(bomb(200)), headers=[("Content-Encoding", "gzip, gzip")]), R.TOO_LARGE, None, ""),
    ("a brotli bomb", reply(brotli.compress(b"\0" * 64 * MB, quality=5), headers=[("Content-Encoding", "br")]), R.TOO_LARGE, None, ""),
    ("a zstd bomb", reply(zstandard.compress(b"\0" * 64 * MB), headers=[("Content-Encoding", "zstd")]), R.TOO_LARGE, None, ""),
    ("one byte after the other", drip(feed()), R.TOO_SLOW, None, ""),
    ("silence", silence, R.TOO_SLOW, None, ""),
    ("silence after the headers", lambda r, w: asyncio.sleep(60, w.write(head(200, [("Content-Length", "10")]))), R.TOO_SLOW, None, ""),
    ("endless headers", flood(b"HTTP/1.1 200 OK\r\n", b"X-Long: " + b"y" * 8000 + b"\r\n", 400), R.NOT_HTTP, None, ""),
    ("endless hints before the answer", flood(b"", head(103), 3000), R.BROKEN_OFF, None, ""),
    ("3,000 headers", many_headers(3000), R.NEWS, ["Entry 1"], ""),
    ("headers of one byte at a time", drip(head(200) + rss(), 0.03), R.TOO_SLOW, None, ""),
    # What is broken on the wire.
    ("a body that is shorter than announced", head(200, [("Content-Length", "9999")]) + rss(), R.BROKEN_OFF, None, ""),
    ("a body that is longer than announced", head(200, [("Content-Length", str(len(rss())))]) + rss() + b"more", R.NEWS, ["Entry 1"], ""),
    ("chunks", chunked(rss()[:100], rss()[100:]), R.NEWS, ["Entry 1"], ""),
    ("broken chunks", chunked(rss(), end=b"zz\r\nrest"), R.NOT_HTTP, None, ""),
    ("chunks without an end", chunked(rss(), end=b""), R.BROKEN_OFF, None, ""),
    ("a chunk of negative length", head(200, [("Transfer-Encoding", "chunked")]) + b"-5\r\nhello\r\n", R.NOT_HTTP, None, ""),
    ("two different lengths", reply(rss(), headers=[("Content-Length", "5"), ("Content-Length", "7")]), R.NOT_HTTP, None, ""),
    ("no answer at all", b"", R.BROKEN_OFF, None, ""),
    ("noise instead of HTTP", b"\x00\xff\x13SSH-2.0-x\r\n\r\n", R.NOT_HTTP, None, ""),
    ("HTTP 0.9", rss(), R.BROKEN_OFF, None, ""),
    ("an empty body", reply(b""), R.EMPTY, None, ""),
    ("white space only", reply(b"  \n "), R.EMPTY, None, ""),
    ("204", reply(b"", 204), R.EMPTY, None, ""),
    # Content encodings.
    ("gzip", reply(gz(rss()), headers=[("Content-Encoding", "gzip")]), R.NEWS, ["Entry 1"], ""),
    ("brotli", reply(brotli.compress(rss()), headers=[("Content-Encoding", "br")]), R.NEWS, ["Entry 1"], ""),
    ("zstd", reply(zstandard.compress(rss()), headers=[("Content-Encoding", "zstd")]), R.NEWS, ["Entry 1"], ""),
    ("gzip that is not announced", reply(gz(rss())), R.NEWS, ["Entry 1"], ""),
    ("plain text announced as gzip", reply(rss(), headers=[("Content-Encoding", "gzip")]), R.NEWS, ["Entry 1"], ""),
    ("noise announced as gzip", reply(b"\x01\x02" * 200, headers=[("Content-Encoding", "gzip")]), R.BAD_ENCODING, None, ""),
    ("gzip that breaks off", reply(gz(rss())[:-30], headers=[("Content-Encoding", "gzip")]), R.BAD_ENCODING, None, ""),
    ("an unknown content encoding", reply(b"\x01\x02" * 50, headers=[("Content-Encoding", "rot13")]), R.BAD_ENCODING, None, "rot13"),
    ("gzip in gzip that is told once", reply(gz(gz(rss())), headers=[("Content-Encoding", "gzip")]), R.NEWS, ["Entry 1"], ""),
    ("a gzip bomb in gzip that is told once", reply(gz(bomb(200)), headers=[("Content-Encoding", "gzip")]), R.TOO_LARGE, None, ""),
    ("a charset for a content encoding", reply(rss(), headers=[("Content-Encoding", "UTF-8")]), R.NEWS, ["Entry 1"], ""),
    ("deflate without a header", reply(zlib.compress(rss())[2:-4], headers=[("Content-Encoding", "deflate")]), R.NEWS, ["Entry 1"], ""),
    ("gzip with a wrong sum", reply(gz(rss())[:-8] + b"\0" * 8, headers=[("Content-Encoding", "gzip")]), R.BAD_ENCODING, None, ""),
    ("gzip with bytes after its end", reply(gz(rss()) + b"more", headers=[("Content-Encoding", "gzip")]), R.NEWS, ["Entry 1"], ""),
    ("trailers after the chunks", chunked(rss(), end=b"0\r\nX-Sum: 1\r\n\r\n"), R.NEWS, ["Entry 1"], ""),
    ("HTTP 1.0 without a length", b"HTTP/1.0 200 OK\r\n\r\n" + rss(), R.NEWS, ["Entry 1"], ""),
    ("no reason phrase", b"HTTP/1.1 200\r\nConnection: close\r\n\r\n" + rss(), R.NEWS, ["Entry 1"], ""),
    ("lines without carriage returns", b"HTTP/1.1 200 OK\nConnection: close\n\n" + rss(), R.NEWS, ["Entry 1"], ""),
    ("a folded header", b"HTTP/1.1 200 OK\r\nContent-Type: text/xml;\r\n charset=utf-8\r\nConnection: close\r\n\r\n" + rss(), R.NEWS, ["Entry 1"], ""),
    ("a header without a colon", b"HTTP/1.1 200 OK\r\nBroken\r\nConnection: close\r\n\r\n" + rss(), R.NOT_HTTP, None, ""),
    ("a length below nothing", reply(rss(), headers=[("Content-Length", "-5")]), R.NOT_HTTP, None, ""),
    ("a hint to go on, first", b"HTTP/1.1 100 Continue\r\n\r\n" + feed(), R.NEWS, ["Entry 1"], ""),
    ("206", reply(rss(), 206), R.REFUSED, None, "206"),
    ("205", reply(b"", 205), R.EMPTY, None, ""),
    # Statuses.
    ("301 and 302 to a feed", moved("/healthy/0"), R.NEWS, ["Entry 1"], ""),
    ("a redirect to itself", lambda r, _: moved(r.path), R.REDIRECT_LOOP, None, ""),
    ("a redirect nowhere", reply(b"", 302), R.BAD_REDIRECT, None, ""),
    ("a redirect to a file", moved("file:///etc/passwd"), R.SCHEME_REFUSED, None, ""),
    ("a redirect to gopher", moved("gopher://127.0.0.1/x"), R.SCHEME_REFUSED, None, ""),
    ("a redirect to a metadata service", moved("http://169.254.169.254/latest/meta-data"), R.ADDRESS_REFUSED, None, "link_local"),
    ("a redirect to a private network", moved("http://10.0.0.1/"), R.ADDRESS_REFUSED, None, "private"),
    ("a redirect to loopback in IPv6", moved("http://[::1]/"), R.ADDRESS_REFUSED, None, "loopback"),
    ("a redirect to no address", moved("http://news.example:99999/"), R.BAD_ADDRESS, None, ""),
    ("a redirect to port 0", moved("http://127.0.0.1:0/"), R.BAD_ADDRESS, None, ""),
    ("a redirect to a script", moved("javascript:alert(1)"), R.SCHEME_REFUSED, None, ""),
    ("a redirect to data", moved("data:text/xml,<rss/>"), R.SCHEME_REFUSED, None, ""),
    ("a redirect with a fragment", moved("/healthy/0#top"), R.NEWS, ["Entry 1"], ""),
    ("a redirect that wants its cookie back", reply(b"", 302, [("Location", "?again"), ("Set-Cookie", "a=b")]), R.REDIRECT_LOOP, None, ""),
    ("401", reply(b"x", 401), R.UNAUTHORISED, None, ""),
    ("403", reply(b"Forbidden", 403), R.FORBIDDEN, None, ""),
    ("404", reply(b"x", 404), R.NOT_FOUND, None, ""),
    ("410", reply(b"x", 410), R.GONE, None, ""),
    ("418", reply(b"x", 418), R.REFUSED, None, ""),
    ("429", reply(b"x", 429), R.RATE_LIMITED, None, ""),
    ("500", reply(b"x", 500), R.SERVER_ERROR, None, ""),
    ("503", reply(b"x", 503), R.UNAVAILABLE, None, ""),
    ("599", reply(b"x", 599), R.SERVER_ERROR, None, ""),
    ("304 that nobody asked for", reply(b"", 304), R.UNASKED_NOT_MODIFIED, None, ""),
    ("a challenge with 403", page(CLOUDFLARE, 403, [("Server", "cloudflare")]), R.CHALLENGED, None, "Cloudflare"),
    ("a challenge with 503", page("<html>DDoS-Guard check.js", 503, [("Server", "ddos-guard")]), R.CHALLENGED, None, "DDoS-Guard"),
    ("a challenge with 202", page("", 202, [("x-amzn-waf-action", "challenge")]), R.CHALLENGED, None, "AWS WAF"),
    ("a challenge with 200", page(CLOUDFLARE, 200, [("Server", "cloudflare")]), R.CHALLENGED, None, "Cloudflare"),
    ("a feed behind a protection service", reply(rss(), headers=[("Server", "cloudflare")]), R.NEWS, ["Entry 1"], ""),
    # Documents.
    ("a web page", page(HTML), R.HTML_PAGE, None, "/real.xml"),
    ("a web page without feeds", page("<html><body>Hello</body></html>"), R.HTML_PAGE, None, "names no feed"),
    ("plain words", reply(b"Hello there, nothing to see."), R.NOT_A_FEED, None, ""),
    ("noise", reply(bytes(range(256)) * 400), R.NOT_A_FEED, None, ""),
    ("other JSON", reply(b'{"hello": [1, 2]}'), R.NOT_A_FEED, None, ""),
    ("JSON nested without end", reply(b'{"items":' + b"[" * 200_000), R.NOT_A_FEED, None, ""),
    ("JSON with bad items", reply(JSON, kind="application/feed+json"), R.NEWS, ["Json"], ""),
    ("a billion laughs", reply(ENTITY_BOMB.encode()), R.NEWS, None, ""),
    ("quadratic entities", reply(QUADRATIC.encode()), R.NEWS, ["Q"], ""),
    ("an external entity", reply(EXTERNAL.encode()), R.NEWS, None, ""),
    ("a parameter entity", reply(PARAMETER.encode()), R.NEWS, ["Par"], ""),
    ("a harmless entity", reply(GOOD_ENTITY.encode()), R.NEWS, ["Café"], ""),
    ("Netscape's document type", reply(NETSCAPE.encode()), R.NEWS, ["Old"], ""),
    ("100,000 nested tags", reply(b"<rss><channel>" + b"<a>" * 100_000), R.NOT_A_FEED, None, ""),
    ("a title of 4 MB", feed(item(1, title="t" * 4_000_000)), R.NEWS, None, ""),
    ("an entry that is broken", reply(ONE_BAD), R.NEWS, None, ""),
    ("a document that breaks off", reply(rss(item(1), item(2))[:-60]), R.NEWS, None, ""),
    ("no entries", feed(" "), R.NOTHING_NEW, None, ""),
    ("control characters", feed(item(1, title="Bell\x07 and\x00 null")), R.NEWS, ["Bell and null"], ""),
    ("references to no character", feed(item(1, title="A &#x110000; &#99999999; &#55296; &#0; z")), R.NEWS, ["A \ufffd \ufffd \ufffd \ufffd z"], ""),
    ("bare ampersands", feed(item(1, title="AT&T & R&D; <![CDATA[&T]]>")), R.NEWS, None, ""),
    ("warnings before the document", reply(b"<br />\n<b>Warning</b>: in x.php<br />\n" + rss()), R.NEWS, ["Entry 1"], ""),
    ("a script after the document", reply(rss() + b"<script>track()</script>"), R.NEWS, ["Entry 1"], ""),
    ("two documents", reply(rss(item(1)) + rss(item(2))), R.NEWS, None, ""),
    ("tags in capitals", reply(rss(item(1)).upper().replace(b"UTF-8", b"utf-8")), R.NEWS, ["ENTRY 1"], ""),
    ("an entry that breaks off", reply(rss(item(1), item(2), item(3))[:-150]), R.NEWS, ["Entry 1", "Entry 2"], ""),
    ("entries without anything", reply(rss("<item></item>", "<item><title> </title></item>", item(1))), R.NEWS, ["Entry 1"], ""),
    ("one guid for all entries", feed(item(1, guid="g"), item(2, guid="g")), R.NEWS, ["Entry 1", "Entry 2"], ""),
    ("a guid of 100,000 characters", feed(item(1, guid="g" * 100_000)), R.NEWS, ["Entry 1"], ""),
    ("20,000 elements in an entry", feed(item(1, body="&lt;div&gt;" * 20_000)), R.NEWS, ["Entry 1"], ""),
    ("30,000 tags that never end", feed(item(1, body="&lt;a href=" * 30_000)), R.NEWS, ["Entry 1"], ""),
    ("an attribute of 1 MB", reply(rss().replace(b"<title>Entry", b'<title a="' + b"x" * MB + b'">Entry')), R.NEWS, ["Entry 1"], ""),
    ("UTF-16 called UTF-8 by the server", reply(ARABIC.decode().replace("UTF-8", "UTF-16").encode("utf-16"), kind="text/xml; charset=utf-8"), R.NEWS, ["انفجار في بغداد"], ""),
    ("UTF-8 called UTF-16 by the document", reply(ARABIC.replace(b"UTF-8", b"UTF-16")), R.NEWS, ["انفجار في بغداد"], ""),
    ("UTF-8 with a byte of another encoding", feed(item(1, title="انفجار في بغداد"), item(2, title="CAFE")).replace(b"CAFE", b"CAF\xe9"), R.NEWS, None, ""),
    ("SOAP", reply(b'<?xml version="1.0"?><s:Envelope xmlns:s="x"><s:Body/></s:Envelope>'), R.NOT_A_FEED, None, ""),
    ("a list of feeds", reply(b'<opml version="2.0"><body><outline xmlUrl="http://x/"/></body></opml>'), R.NOT_A_FEED, None, ""),
    ("a store's error", reply(b"<Error><Code>AccessDenied</Code></Error>"), R.NOT_A_FEED, None, ""),
    ("space before the declaration", reply(b"\n\n  " + rss()), R.NEWS, ["Entry 1"], ""),
    ("a byte order mark", reply(b"\xef\xbb\xbf" + rss()), R.NEWS, ["Entry 1"], ""),
    ("no content type", reply(rss(), kind=""), R.NEWS, ["Entry 1"], ""),
    ("a feed called a page", reply(rss(), kind="text/html"), R.NEWS, ["Entry 1"], ""),
    ("a feed called an image", reply(rss(), kind="image/png"), R.NEWS, ["Entry 1"], ""),
    ("a wrong charset from the server", reply(ARABIC, kind="text/xml; charset=iso-8859-1"), R.NEWS, ["انفجار في بغداد"], ""),
    ("an unknown charset", reply(ARABIC.replace(b"UTF-8", b"x-none"), kind="text/xml; charset=x-none"), R.NEWS, ["انفجار في بغداد"], ""),
    ("a charset that is not told", reply(ARABIC.decode().replace(' encoding="UTF-8"', "").encode("windows-1256"), kind="text/xml; charset=windows-1256"), R.NEWS, ["انفجار في بغداد"], ""),
    ("a wrong charset in the document", reply(ARABIC.decode().replace("UTF-8", "iso-8859-1").encode(), kind="text/xml"), R.NEWS, ["انفجار في بغداد"], ""),
]  # fmt: skip

# Addresses that are refused before anything is sent. The loopback of the test itself is allowed, the rest is not.
ADDRESSES = [
    ("http://169.254.169.254/latest/", R.ADDRESS_REFUSED),
    ("http://[fd00:ec2::254]/", R.ADDRESS_REFUSED),
    ("http://192.168.1.1/", R.ADDRESS_REFUSED),
    ("http://0.0.0.0/", R.ADDRESS_REFUSED),
    ("http://[::]/", R.ADDRESS_REFUSED),
    ("http://[::1]/", R.ADDRESS_REFUSED),
    ("http://[64:ff9b::a00:1]/", R.ADDRESS_REFUSED),
    ("http://[2002:a00:1::1]/", R.ADDRESS_REFUSED),
    ("http://[::ffff:10.0.0.1]/", R.ADDRESS_REFUSED),
    ("http://0xa000001/", R.ADDRESS_REFUSED),
    ("http://167772161/", R.ADDRESS_REFUSED),
    ("http://012.0.0.1/", R.BAD_ADDRESS),
    ("http://10.1/", R.ADDRESS_REFUSED),
    ("http://224.0.0.1/", R.ADDRESS_REFUSED),
    ("http://255.255.255.255/", R.ADDRESS_REFUSED),
    ("file:///etc/passwd", R.SCHEME_REFUSED),
    ("ftp://news.example/feed", R.SCHEME_REFUSED),
    ("http://", R.BAD_ADDRESS),
    ("http://news.example:99999/", R.BAD_ADDRESS),
    ("http://" + "a" * 9000, R.BAD_ADDRESS),
    ("http://１０.0.0.1/", R.BAD_ADDRESS),
]

HEALTHY = 10
PATIENT = Limits(total_s=8.0, connect_s=5.0, read_s=4.0)
"""Long enough that a busy machine reaches the other limits first."""


class Round:
    def __init__(self):
        self.states, self.sightings = {}, {}
        asyncio.run(self._run())

    async def _run(self):
        async with open_bench(children=True, limits=PATIENT) as bench:
            cases = [bench.server.add(f"/case/{n}", row[1]) for n, row in enumerate(TABLE)]
            healthy = [bench.server.add(f"/healthy/{n}", feed(item(1))) for n in range(HEALTHY)]
            given = [*cases, *healthy, *(url for url, _ in ADDRESSES)]
            for feed_, state in zip(given, await bench.round(*map(_feed, given)), strict=True):
                self.states[feed_] = state
            for sighting in bench.sent:
                self.sightings.setdefault(sighting.feed.url, []).append(sighting)
            self.cases, self.healthy = cases, healthy


def _feed(url):
    return Feed(url=url)


@pytest.fixture(scope="module")
def polled():
    return Round()


@pytest.mark.parametrize("number", range(len(TABLE)), ids=[row[0] for row in TABLE])
def test_a_misbehaving_feed_ends_as_it_should(polled, number):
    name, _, result, titles, words = TABLE[number]
    state = polled.states[polled.cases[number]]
    note = state.history[-1]
    assert (note.result, note.detail) == (result, note.detail), name
    assert words in note.detail
    if titles is not None:
        sent = polled.sightings.get(polled.cases[number], [])
        assert [s.entry.title for s in sent] == titles


@pytest.mark.parametrize(("url", "result"), ADDRESSES)
def test_an_address_that_must_not_be_asked_is_not(polled, url, result):
    assert polled.states[url].history[-1].result == result


def test_all_other_feeds_go_on(polled):
    assert [polled.states[url].history[-1].result for url in polled.healthy] == [R.NEWS] * HEALTHY


def test_entries_beside_a_broken_one_are_kept(polled):
    number = next(n for n, row in enumerate(TABLE) if row[0] == "an entry that is broken")
    titles = [s.entry.title for s in polled.sightings[polled.cases[number]]]
    assert "Before" in titles
    assert "After" in titles


def test_no_entity_is_read_from_a_file_or_blown_up(polled):
    for name in ("an external entity", "a billion laughs"):
        number = next(n for n, row in enumerate(TABLE) if row[0] == name)
        (sighting,) = polled.sightings[polled.cases[number]]
        assert len(sighting.entry.title) < 50
        assert "root:" not in sighting.entry.title
