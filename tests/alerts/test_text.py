"""The words of alerts: the same things are said in every language, and nothing of a source is lost or filled in."""

import re
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_alerts import KIRKUK, exactly, known, made
from msgspec.structs import replace

from monitor.alerts import text
from monitor.alerts.wording import languages, wording
from schemas.alert import FigureChange
from schemas.reasons import AlertKind, AlertReason, EventType, Stance
from schemas.report import Count, Speaker, Statement, StatementTarget

SAID = Statement(
    speaker=Speaker(name="Ahmed Naji", role="prime minister", principal="state:IQ", country="Iraq"),
    official=True,
    stance=Stance.CONDEMN,
    target=StatementTarget(text="the bombing in Kirkuk"),
)
FIGURES = [
    (Count(low=4, best=4, high=4), "4", "4"),
    (Count(low=5, best=5, high=None), "at least 5", "5 على الأقل"),
    (Count(low=None, best=None, high=9), "up to 9", "حتى 9"),
    (Count(low=4, best=None, high=6), "4 to 6", "من 4 إلى 6"),
    (Count(low=12, best=None, high=None), "12 or more", "12 أو أكثر"),
    (
        Count(low=4, best=6, high=6),
        "6 (sources differ: 4 to 6)",
        "6 (تختلف المصادر: من 4 إلى 6)",
    ),
]


def test_there_are_texts_in_english_and_arabic():
    assert {"en", "ar"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_language_says_the_same_things_with_the_same_words_to_fill_in(language):
    def shape(words):
        return {
            (section, key): sorted(re.findall(r"\{(\w+)\}", phrase))
            for section, phrases in words.sections.items()
            for key, phrase in phrases.items()
        }

    assert shape(wording(language)) == shape(wording("en"))


@pytest.mark.parametrize("language", languages())
def test_every_kind_of_event_and_every_stance_that_alerts_has_a_word(language):
    sections = wording(language).sections
    assert set(sections["events"]) == {str(e) for e in EventType}
    assert {"condemn", "denounce", "reject"} == set(sections["stances"])


@pytest.mark.parametrize(("count", "english", "arabic"), FIGURES)
def test_a_figure_in_words(count, english, arabic):
    assert text.number(count, wording("en")) == english
    assert text.number(count, wording("ar")) == arabic


HEADLINES = [
    ({}, "Bombing in Kirkuk (Iraq): 4 killed, 11 injured"),
    ({"killed": exactly(0), "injured": None}, "Bombing in Kirkuk (Iraq): nobody killed"),
    ({"killed": None, "injured": None}, "Bombing in Kirkuk (Iraq)"),
    ({"place": None, "injured": None}, "Bombing: 4 killed"),
    (
        {"place": replace(KIRKUK, name="Daquq"), "injured": None},
        "Bombing in Daquq, Kirkuk (Iraq): 4 killed",
    ),
]


@pytest.mark.parametrize(("fields", "expected"), HEADLINES, ids=[h[1] for h in HEADLINES])
def test_the_headline_of_an_incident(fields, expected):
    assert text.headline(known(**fields)) == expected


UPDATE = made(
    kind=AlertKind.UPDATE,
    reason=AlertReason.TOLL_RAISED,
    changes=(FigureChange(measure="killed", before=exactly(4), after=exactly(6)),),
    quote="The toll has risen to six.",
)
CONDEMNED = made(kind=AlertKind.CONDEMNATION, statement=SAID, incident=None)
ARABIC = [
    (made(), "تفجير في Kirkuk (Iraq) - القتلى: 4، الجرحى: 11"),
    (UPDATE, "القتلى: من 4 إلى 6 | تفجير في Kirkuk (Iraq) - القتلى: 4، الجرحى: 11"),
    (CONDEMNED, "إدانة من Ahmed Naji (prime minister): the bombing in Kirkuk"),
    (made(status="test", title="Hello"), "Hello"),
]


@pytest.mark.parametrize(("alert", "title"), ARABIC, ids=["attack", "update", "words", "test"])
def test_an_alert_in_arabic(alert, title):
    assert text.in_language(alert, "ar").title == title


def test_the_quote_stays_as_it_was_read():
    told = text.in_language(UPDATE, "ar").text
    assert told == "«The toll has risen to six.»\nمصدر مستقل واحد: One."


def test_english_is_what_the_alert_was_made_in():
    assert text.in_language(UPDATE, "en") is UPDATE


@given(st.text(), st.sampled_from(["en", "ar"]))
def test_braces_in_a_source_s_words_are_nothing_to_fill_in(words, language):
    quoted = "{" + words + "}{0}{language}"
    named = known(place=replace(KIRKUK, name=quoted))
    assert quoted in text.headline(named, language)
    assert quoted.strip() in text.body(quoted, None, language)


def test_no_words_of_an_alert_stand_in_the_code():
    folder = resources.files("monitor.alerts")
    for name in ("text.py", "compose.py"):
        code = (folder / name).read_text()
        body = re.sub(r'""".*?"""', "", code, flags=re.DOTALL)
        assert not re.findall(r'"[A-Z][a-z]+ [a-z]+', body)
