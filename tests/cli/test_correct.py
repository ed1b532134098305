"""The words in which an editor gives a figure, and a line for each reason why a correction is refused."""

import pytest

from monitor.cli.correct import _WHY, _count
from monitor.errors import InputError
from schemas.reasons import CorrectionRefusal
from schemas.report import Count


@pytest.mark.parametrize(
    ("words", "figure"),
    [
        ("4", Count(low=4, best=4, high=4)),
        ("0", Count(low=0, best=0, high=0)),
        ("4+", Count(low=4, best=4, high=None)),
        ("3-6", Count(low=3, best=None, high=6)),
        ("unknown", None),
    ],
)
def test_a_figure_is_read_from_its_words(words, figure):
    assert _count(words) == figure


@pytest.mark.parametrize("words", ["", "four", "-4", "3-", "3-6+", "٤", "4 5", "+"])
def test_what_is_no_figure_is_told_at_once(words):
    with pytest.raises(InputError, match="a figure is"):
        _count(words)


def test_each_refusal_has_a_line_for_people():
    assert set(_WHY) == set(CorrectionRefusal)
