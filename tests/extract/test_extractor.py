"""Any article gives a report: hostile ones an empty one with its reason, and every span lies inside the text."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from monitor.extract import Extractor, Policy
from schemas.article import Article
from schemas.reasons import EventType, Kind, ReportReason

PUBLISHED = datetime(2024, 5, 15, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def extractor():
    return Extractor.load()


def article(text, title="", published=PUBLISHED):
    return Article(article_id="a", source="s", title=title, text=text, published=published)


def spans_lie_inside(report, given):
    fields = {"title": given.title, "text": given.text}
    facts = (*report.incidents, *report.statements, *report.tallies)
    return all(
        0 <= e.start < e.end <= len(fields[e.field]) for fact in facts for e in fact.evidence
    )


def test_an_attack_is_read_with_its_evidence(extractor):
    text = "A car bomb killed five people in Mosul, Iraq, on Monday, police said."
    report = extractor.read(article(text))
    (incident,) = report.incidents
    assert (incident.kind, incident.event_type) == (Kind.ATTACK, EventType.IED)
    assert incident.killed.best == 5
    assert incident.place.name == "Mosul"
    assert incident.date.first.isoformat() == "2024-05-13"
    facts = {e.fact: text[e.start : e.end] for e in incident.evidence}
    assert facts["date"].endswith("Monday")
    assert "Mosul" in facts["place"]


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        ("", "", ReportReason.EMPTY),
        ("", "\x00\x01\x02", ReportReason.EMPTY),
        ("", "{}[]()<>" * 200, ReportReason.NOT_TEXT),
        ("", "\u202eقتل ثلاثة أشخاص في انفجار في بغداد", ReportReason.UNSUPPORTED_LANGUAGE),
        ("", "Drei Menschen wurden am Montag bei einem Anschlag in der Stadt getötet, sagte die Polizei.", ReportReason.UNSUPPORTED_LANGUAGE),
    ],
)  # fmt: skip
def test_what_is_not_read_says_why(extractor, title, text, reason):
    report = extractor.read(article(text, title))
    assert (report.reason, report.incidents) == (reason, ())


@pytest.mark.parametrize(
    "text",
    [
        "Gunmen killed three people in Kano, Nigeria. " * 45_000,
        "killed " * 7_200,
        "x" * 50_000,
        "attack" * 9_000,
        "(" * 50_000,
        "1 " * 25_000,
        "<div>" * 20_000 + "A bomb went off.",
        "\ud800 broken \udfff surrogate pairs in a sentence about a bomb that killed two",
        "Two men, ² and ², were shot dead in ² attacks in Kano on Monday.",
    ],
    ids=["2 MB", "one word", "one run", "one long word", "brackets", "numbers", "markup", "surrogates", "superscripts"],
)  # fmt: skip
def test_hostile_text_gives_a_report(extractor, text):
    given = article(text)
    assert spans_lie_inside(extractor.read(given), given)


def test_text_beyond_the_limit_is_left_out_and_said_so():
    short = Extractor.load(Policy(max_chars=200))
    text = "A bomb killed two people in Homs, Syria, on Monday. " + "Nothing more was known. " * 40
    report = short.read(article(text))
    assert report.reason is ReportReason.TRUNCATED
    assert len(report.incidents) == 1


@pytest.mark.parametrize(
    "published", [None, datetime(2100, 1, 1, tzinfo=UTC), datetime.fromisoformat("2024-05-15")]
)
def test_a_missing_or_odd_publication_date_is_no_error(extractor, published):
    report = extractor.read(
        article("Gunmen killed two people in Kano on Monday.", published=published)
    )
    assert len(report.incidents) == 1


def test_many_articles_give_the_reports_of_each_alone(extractor):
    texts = [
        "A bomb killed two people in Homs on Monday.",
        "",
        "Nurses went on strike over pay in Lagos.",
    ] * 4
    given = [
        Article(article_id=str(n), source="s", title="", text=t, published=PUBLISHED)
        for n, t in enumerate(texts)
    ]
    together = list(extractor.read_many(given))
    assert together == [extractor.read(one) for one in given]


WORDS = st.sampled_from(
    "a bomb killed three people in Kano on Monday . , the attack soldiers wounded strike condemned since October 17 55 "
    "attacks US forces Baghdad said “ ” ( ) [TEXT] not would if gunmen Iraq's and also another 's -- \n \n\n &amp; <p> "
    "READ: MINISTER two dozen at least".split(" ")
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    title=st.text(max_size=60),
    text=st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join)),
)
@example(title="", text="WOUNded @ 00, M")  # a clause of a noun, by the parse, that opens the text
@example(title="", text="Gunmen killed two in Zhowandun at")  # a word of a name at the very end
def test_any_string_gives_a_report_whose_spans_lie_inside(extractor, title, text):
    given_article = article(text, title)
    report = extractor.read(given_article)
    assert report.id == "a"
    assert [i.ordinal for i in report.incidents] == list(range(len(report.incidents)))
    assert spans_lie_inside(report, given_article)
