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
