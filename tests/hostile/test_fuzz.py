"""What reads foreign bytes either reads them or says in its own words that it cannot; nothing else comes out of it."""

import json
import random
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from feed_server import rss
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.articles.text import one_line, plain
from monitor.config import ConfigError, load
from monitor.feeds import jsonfeed, opml, sitemap
from monitor.feeds import rss as feeds
from monitor.feeds.digest import read
from monitor.feeds.tasks import Task
from monitor.sinks import signing
from schemas import codec
from schemas.alert import Alert
from schemas.article import Article, UniqueArticle
from schemas.delivery import Delivery
from schemas.delta import Delta
from schemas.feed import FeedState
from schemas.mention import Mention
from schemas.report import Report

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
KINDS = (Alert, Article, UniqueArticle, Delivery, Delta, FeedState, Mention, Report)
quick = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
SEEDS = (
    rss(),
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><updated>2026-01-01T00:00:00Z</updated></entry></feed>',
    b'{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","content_text":"x"}]}',
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://a.example/</loc></url></urlset>',
    b'<opml version="2.0"><body><outline text="a" xmlUrl="http://a.example/f"/></body></opml>',
)


@st.composite
def broken(draw):
    """A good document with bytes taken out, put in, turned around and said again."""
    raw = bytearray(draw(st.sampled_from(SEEDS)))
    rng = random.Random(draw(st.integers(0, 1 << 32)))
    for _ in range(draw(st.integers(1, 12))):
        at, length = rng.randrange(len(raw) + 1), rng.randrange(1, 40)
        match rng.randrange(4):
            case 0:
                del raw[at : at + length]
            case 1:
                raw[at:at] = rng.randbytes(length)
            case 2:
                raw[at:at] = raw[max(0, at - length) : at] * rng.randrange(1, 20)
            case _:
                raw[at:at] = rng.choice(
                    [b"<", b"]]>", b"&", b"<!--", b"&#0;", b"\xff", b'"', b"<![CDATA["]
                )
    return bytes(raw)


@quick
@given(broken())
def test_a_broken_feed_is_read_or_refused(raw):
    text = raw.decode("utf-8", "replace")
    for parse in (feeds.parse, jsonfeed.parse):
        parse(text, url="http://a.example/f", now=NOW)
    sitemap.parse(text, now=NOW)
    with suppress(opml.OpmlError):
        opml.read(raw)


@quick
@given(st.binary(max_size=400) | broken(), st.text(max_size=30))
def test_a_task_of_any_bytes_gets_an_answer(raw, kind):
    read(Task(url="http://a.example/f", body=raw, content_type=kind, now=NOW))


@quick
@given(st.text(max_size=400) | broken().map(lambda b: b.decode("latin-1")))
def test_any_text_is_cleaned(source):
    cleaned = plain(source)
    cleaned.encode()
    assert "\x00" not in cleaned
    assert "\n" not in one_line(source)


@quick
@given(st.binary(max_size=200) | JSON.map(lambda v: b'{"v":1,"data":' + repr(v).encode() + b"}"))
def test_any_message_is_decoded_or_refused(raw):
    for kind in KINDS:
        with suppress(codec.CodecError):
            codec.decode(raw, kind)


@quick
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_any_file_is_a_configuration_or_is_refused(tmp_path, raw):
    path = tmp_path / "c.toml"
    path.write_bytes(raw)
    with suppress(ConfigError):
        load(path)


@quick
@given(
    st.binary(max_size=100), st.dictionaries(st.text(max_size=20), st.text(max_size=40), max_size=5)
)
def test_no_forged_header_verifies(body, given_headers):
    assert signing.verify(body, given_headers, SECRET) is not None


@quick
@given(
    JSON.map(lambda value: json.dumps(value).encode()),
    st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
    st.text(max_size=40),
)
def test_a_changed_header_does_not_verify(body, name, value):
    signed = signing.headers("msg_1", body, [SECRET], datetime.now(UTC))
    assert signing.verify(body, signed, SECRET) is None
    if value != signed[name]:
        assert signing.verify(body, signed | {name: value}, SECRET) is not None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_deep_message_is_refused(kind):
    with pytest.raises(codec.CodecError):
        codec.decode(b'{"v":1,"data":' + b"[" * 100_000 + b"]" * 100_000 + b"}", kind)
