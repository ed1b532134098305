"""Who may ask: each decision with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.board.answers import chosen
from monitor.board.rules import Rates, Stop, access_of, host_stop, identify, origin_stop
from monitor.board.section import BoardSection

TOKEN, OTHER = "t" * 20, "u" * 20
TOKENED = BoardSection(tokens=[TOKEN], editors=[{"name": "Noor", "token": OTHER}])
PROXIED = BoardSection(
    identity_header="X-User", trusted_proxies=["10.0.0.0/8", "::1/128"], proxy_editors=["noor"]
)


@pytest.mark.parametrize(
    ("section", "peer", "token", "named", "expected"),
    [
        (BoardSection(), "127.0.0.1", None, None, (None, False)),
        (BoardSection(), "127.0.0.1", None, "noor", (None, False)),
        (TOKENED, "127.0.0.1", None, None, None),
        (TOKENED, "127.0.0.1", "wrong", None, None),
        (TOKENED, "127.0.0.1", TOKEN, None, (None, False)),
        (TOKENED, "127.0.0.1", OTHER, None, ("Noor", True)),
        (TOKENED, "127.0.0.1", "té", None, None),
        (PROXIED, "10.1.1.1", None, "noor", ("noor", True)),
        (PROXIED, "10.1.1.1", None, "sam", ("sam", False)),
        (PROXIED, "::1", None, "sam", ("sam", False)),
        (PROXIED, "10.1.1.1", None, None, None),
        (PROXIED, "192.0.2.7", None, "noor", None),
        (PROXIED, "not an address", None, "noor", None),
    ],
)
def test_who_asks(section, peer, token, named, expected):
    found = identify(access_of(section), peer=peer, token=token, named=named)
    assert (found and (found.name, found.editor)) == expected


@pytest.mark.parametrize(
    ("host", "stop"),
    [
        ("localhost", None),
        ("LOCALHOST:8640", None),
        ("[::1]:8640", None),
        ("board.example", None),
        ("desk.example", None),
        ("board.example.evil.example", Stop.OTHER_HOST),
        ("user@localhost.evil", Stop.OTHER_HOST),
        ("", Stop.OTHER_HOST),
        ("[::1", Stop.OTHER_HOST),
    ],
)
def test_which_names_are_ours(host, stop):
    section = BoardSection(hosts=["Board.example"], public_url="https://desk.example")
    assert host_stop(access_of(section), host) is stop


@pytest.mark.parametrize(
    ("origin", "stop"),
    [
        (None, None),
        ("http://localhost:8640", None),
        ("https://localhost:8640", None),
        ("http://localhost", Stop.OTHER_ORIGIN),
        ("https://evil.example", Stop.OTHER_ORIGIN),
        ("null", Stop.OTHER_ORIGIN),
        ("file://localhost:8640", Stop.OTHER_ORIGIN),
        ("http://[", Stop.OTHER_ORIGIN),
    ],
)
def test_which_pages_may_correct(origin, stop):
    assert origin_stop("localhost:8640", origin) is stop


def test_a_bucket_fills_evenly_and_holds_a_minute():
    rates = Rates(60)
    assert [rates.take("a", 0.0) for _ in range(61)].count(0.0) == 60
    assert rates.take("a", 0.5) == pytest.approx(0.5)
    assert rates.take("a", 1.0) == 0.0
    assert rates.take("b", 1.0) == 0.0
    assert [rates.take("a", 1e6) for _ in range(61)].count(0.0) == 60


@given(st.lists(st.floats(0, 10, allow_nan=False), max_size=200))
def test_no_rhythm_gets_more_than_the_rate(pauses):
    rates, now, let = Rates(30), 0.0, 0
    for pause in pauses:
        now += pause
        let += rates.take("a", now) == 0.0
    assert let <= 30 + now * 30 / 60 + 1e-6


def test_addresses_that_are_remembered_are_bounded(monkeypatch):
    monkeypatch.setattr("monitor.board.rules.MAX_BUCKETS", 3)
    rates = Rates(10)
    for n in range(9):
        rates.take(str(n), 0.0)
    assert len(rates._buckets) == 3


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/json"),
        ("", "application/json"),
        ("text/csv", "text/csv"),
        ("TEXT/CSV;q=0.9, application/json;q=0.1", "text/csv"),
        ("text/*", "text/csv"),
        ("text/html, */*;q=0.8", "application/json"),
        ("application/json;q=0, text/csv;q=0.1", "text/csv"),
        ("text/html", None),
        ("*/*;q=0", None),
        ("text/csv;q=x", None),
    ],
)
def test_the_form_that_is_wanted(accept, expected):
    assert chosen(accept, ("application/json", "text/csv")) == expected


@pytest.mark.parametrize(
    "section",
    [
        {"identity_header": "X-User"},
        {"editors": [{"name": "a", "token": "short"}]},
        {"editors": [{"name": "a", "token": TOKEN}, {"name": "a", "token": OTHER}]},
        {"embed": ["desk.example"]},
        {"embed": ["https://a; script-src *"]},
        {"trusted_proxies": ["10.0.0.1/8"]},
        {"public_url": "https://x.example/path"},
        {"colour": "red"},
    ],
)
def test_a_section_that_would_open_a_hole_is_refused(section):
    with pytest.raises(ValueError):  # noqa: PT011  pydantic's error, of many texts
        BoardSection(**section)
