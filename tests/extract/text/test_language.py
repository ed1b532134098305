"""What is not read says why."""

import pytest

from monitor.extract.text import language
from schemas.reasons import ReportReason

ENGLISH = "Gunmen killed three people in a market on Monday, the police said in a statement."


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", ReportReason.EMPTY),
        ("  \n ", ReportReason.EMPTY),
        ("#### ---- 0000 ////", ReportReason.NOT_TEXT),
        ("قتل ثلاثة أشخاص في انفجار سيارة مفخخة في بغداد يوم الاثنين", ReportReason.UNSUPPORTED_LANGUAGE),
        ("Trois personnes ont été tuées lundi dans une attaque sur un marché de la ville.", ReportReason.UNSUPPORTED_LANGUAGE),
        (ENGLISH, None),
        (ENGLISH.upper(), None),
        ("Bomb in Homs", None),
    ],
)  # fmt: skip
def test_refusals(text, reason):
    told = language.detect(text) if text.strip() else None
    assert language.refuse(text, told, ("en",), 40) is reason


COMMON = frozenset(
    "condemns terrorist attack in men abduct priest kill worshippers rebels church gunmen ten".split()
)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Egypt condemns terrorist attack in Niger", True),
        ("Armed men abduct priest in Nigeria's Kaduna", True),
        ("Gunmen Kill Ten Worshippers In Church Attack", True),
        ("Ataque con drones deja tres muertos en el Cauca", False),
        ("Attaque à Paris: deux morts dans une explosion au centre", False),
        ("Tinubu, Zulum, ECOWAS", False),
        ("Egypt condemns terrorist attack in Niger. " * 8, False),
    ],
)
def test_a_headline_with_many_names_is_told_by_its_common_words(text, english):
    assert language.is_headline_of(text, COMMON) is english
