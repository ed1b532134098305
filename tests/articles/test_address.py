"""One address for one article: what is dropped never names one, what may name one stays."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.articles import address
from monitor.articles.address import canonical, host_of

SAME = [
    ("tracking parameters", "https://example.org/a?utm_source=x&fbclid=1"),
    ("another scheme", "http://example.org/a"),
    ("a default port", "https://example.org:443/a"),
    ("the other scheme's default port", "http://example.org:80/a"),
    ("a trailing slash", "https://example.org/a/"),
    ("a fragment", "https://example.org/a#comments"),
    ("www", "https://www.example.org/a"),
    ("a mobile host", "https://m.example.org/a"),
    ("an AMP host", "https://amp.example.org/a"),
    ("capitals in the host", "https://EXAMPLE.org/a"),
    ("an AMP path", "https://example.org/a/amp/"),
    ("an AMP path in front", "https://example.org/amp/a"),
    ("an AMP file", "https://example.org/a/amp.html"),
    ("an AMP parameter", "https://example.org/a?amp=1"),
    ("an empty AMP parameter", "https://example.org/a?amp"),
    ("a print parameter", "https://example.org/a?print=true"),
    ("a print path", "https://example.org/a/print"),
    ("an index file", "https://example.org/a/index.html"),
    ("a channel", "https://example.org/a?ref=rss"),
    ("an AMP cache", "https://example-org.cdn.ampproject.org/c/s/example.org/a"),
    ("a search engine's viewer", "https://www.google.com/amp/s/example.org/a"),
    ("a search engine's link", "https://www.google.com/url?url=https://example.org/a&sa=t"),
    ("a session id", "https://example.org/a;jsessionid=8F2A"),
    ("spaces around", "  https://example.org/a\n"),
    ("a dot after the host", "https://example.org./a"),
    ("doubled slashes", "https://example.org//a"),
]

DIFFERENT = [
    ("an id in the query", "https://example.org/a?id=1", "https://example.org/a?id=2"),
    ("a sid in the query", "https://example.org/a?sid=1", "https://example.org/a?sid=2"),
    ("a page with and without id", "https://example.org/?p=17", "https://example.org/"),
    ("a source that is a number", "https://example.org/a?source=17", "https://example.org/a"),
    ("a path in other capitals", "https://example.org/A", "https://example.org/a"),
    ("another port", "https://example.org:8080/a", "https://example.org/a"),
    ("a hash-bang page", "https://example.org/#!/7", "https://example.org/#!/8"),
    ("a word that ends in amp", "https://example.org/revamp", "https://example.org/rev"),
    ("a word that holds print", "https://example.org/blueprint", "https://example.org/blue"),
    ("a host that is a form's name", "https://m.me/a", "https://me/a"),
]

NONE = [
    "",
    "   ",
    "mailto:desk@example.org",
    "javascript:alert(1)",
    "tag:example.org,2026:1",
    "ftp://example.org/a",
    "/relative/path",
    "https://",
    "https://[::1",
    "https://example.org:port/",
    "https://exa mple.org/",
    "https://example.org/" + "a" * 5000,
]


@pytest.mark.parametrize(("why", "url"), SAME, ids=[why for why, _ in SAME])
def test_one_article_has_one_address(why, url):
    assert canonical(url) == "https://example.org/a"


@pytest.mark.parametrize(("why", "one", "other"), DIFFERENT, ids=[why for why, *_ in DIFFERENT])
def test_what_may_name_an_article_stays(why, one, other):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize("url", NONE, ids=range(len(NONE)))
def test_what_is_no_web_address_is_none(url):
    assert canonical(url) is None


def test_query_order_does_not_matter():
    assert canonical("https://example.org/a?b=2&a=1") == canonical("https://example.org/a?a=1&b=2")


def test_the_host_is_told_without_its_form():
    assert host_of("https://www.example.org/a") == "example.org"


parts = st.sampled_from(
    [
        "amp",
        "print",
        "index.html",
        "a",
        "B-2",
        "2026",
        "x.amp.html",
        "%C3%A9",
        "é",
        "a b",
        ";jsessionid=1",
        "..",
        "",
        "page.php",
    ]
)
hosts = st.sampled_from(
    [
        "example.org",
        "www.m.example.org",
        "amp.example.org",
        "x-y.cdn.ampproject.org",
        "www.google.com",
        "пример.рф",
        "127.0.0.1",
        "[::1]",
    ]
)
queries = st.lists(
    st.tuples(
        st.sampled_from(["id", "utm_source", "amp", "ref", "url", "q", "a[]", "é", "print", "sid"]),
        st.sampled_from(
            ["", "1", "rss", "https://www.example.org/amp/", "a+b", "a%20b", "é", "%", "&amp;"]
        ),
    ),
    max_size=4,
).map(lambda pairs: "&".join(f"{k}={v}" for k, v in pairs))


@given(
    scheme=st.sampled_from(["http", "https", "HTTP"]),
    host=hosts,
    path=st.lists(parts, max_size=5).map("/".join),
    query=queries,
    fragment=st.sampled_from(["", "#x", "#!y"]),
    port=st.sampled_from(["", ":80", ":443", ":8080"]),
)
def test_doing_it_twice_changes_nothing(**parts):
    url = "{scheme}://{host}{port}/{path}?{query}{fragment}".format(**parts)
    once = canonical(url)
    assert once is None or canonical(once) == once


@given(st.from_regex(address._CLEAN, fullmatch=True))
def test_a_clean_link_is_the_same_without_cleaning(url):
    """The short cut for links in which nothing needs encoding must give what the whole way gives."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(address, "_CLEAN", re.compile("(?!)"))
        slow = canonical(url)
    assert canonical(url) == slow


@given(st.text(max_size=80))
@example("https://\udc80/")
@example("https://example.org/%ZZ?=&&=#")
@example("http://xn--a/")
def test_it_never_raises(text):
    for url in (text, "https://" + text, "https://example.org/" + text):
        once = canonical(url)
        assert once is None or canonical(once) == once
