"""To whom an alert goes: the sinks of the watches that want it, all of them where a watch names none."""

import pytest

from monitor.alerts.compose import sinks_of
from monitor.alerts.policy import Watch

CASES = [
    ("one watch with a sink", [("desk",)], ("desk",)),
    ("two watches, a sink named twice", [("desk", "log"), ("desk",)], ("desk", "log")),
    ("a watch without sinks wants all", [()], ()),
    ("one with and one without: all", [("desk",), ()], ()),
]


@pytest.mark.parametrize(("_why", "sinks", "expected"), CASES, ids=[c[0] for c in CASES])
def test_the_sinks_of_an_alert(_why, sinks, expected):
    watches = [Watch(name=str(i), sinks=names) for i, names in enumerate(sinks)]
    assert sinks_of(watches) == expected
