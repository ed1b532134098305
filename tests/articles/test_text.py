"""HTML to text: one paragraph a line, entities decoded once, nothing of it executed or lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.text import one_line, plain

CASES = [
    ("paragraphs are lines", "<p>One.</p><p>Two.</p>", "One.\nTwo."),
    ("inline elements break no words", "<p>un<b>bre</b>akable</p>", "unbreakable"),
    ("line ends in the source are spaces", "<p>one\n  two</p>", "one two"),
    ("br breaks a line", "one<br>two<br/>three", "one\ntwo\nthree"),
    ("scripts and styles are no text", "<style>p{}</style><p>a</p><script>x()</script>", "a"),
    ("text after a script stays", "<div><script>x()</script>after</div>", "after"),
    ("text after a comment stays", "<p>a<!-- no --> b</p>", "a b"),
    ("entities are decoded once", "<p>5 &amp;lt; 6 &amp; 7 &lt; 8</p>", "5 &lt; 6 & 7 < 8"),
    (
        "entities of plain text too",
        "Al-Jazari &amp; sons &#8220;said&#8221;",
        "Al-Jazari & sons “said”",
    ),
    ("an ampersand alone stays", "AT&T and R&D", "AT&T and R&D"),
    ("a less-than sign is no tag", "3 < 5 and 7 > 2", "3 < 5 and 7 > 2"),
    ("plain lines stay", "one\ntwo\n\n\nthree", "one\ntwo\nthree"),
    ("spaces collapse", "one \t\u00a0 two", "one two"),
    ("control characters go", "a\x00b\x07c", "abc"),
    ("list items are lines", "<ul><li>a</li><li>b</li></ul>", "a\nb"),
    ("unclosed elements", "<p>one<p>two <i>three", "one\ntwo three"),
    ("nothing", "", ""),
    ("only elements", "<div><img src=x></div>", ""),
    ("a lone surrogate can be written", "a\ud800b", "a?b"),
]


@pytest.mark.parametrize(("why", "given_text", "expected"), CASES, ids=[c[0] for c in CASES])
def test_plain(why, given_text, expected):
    assert plain(given_text) == expected


def test_a_title_is_one_line():
    assert one_line("<b>Six killed</b>\n in   raid") == "Six killed in raid"


@given(st.text(max_size=200))
def test_it_never_raises_and_can_be_written(text):
    plain(text).encode()
    plain(f"<p>{text}</p><").encode()


def test_deep_nesting_is_read():
    assert plain("<div>" * 3000 + "deep" + "</div>" * 3000).endswith("deep")


def test_two_megabytes_are_read():
    paragraph = "word " * 99 + "word"
    assert plain(f"<p>{paragraph}</p>" * 4_000) == "\n".join([paragraph] * 4_000)
