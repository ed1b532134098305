"""The API answers what it says, to those whom it says, and to everything else with a problem."""

import csv
import io
import json
import re
from datetime import UTC, date, datetime

import feedparser
import msgspec
import pytest
from lxml import etree
from newsroom import Newsroom, happened, told
from starlette.testclient import TestClient

from monitor.alerts.policy import REPLAY
from monitor.board.api import Board
from monitor.board.app import make_board
from monitor.board.rules import access_of
from monitor.board.section import BoardSection
from monitor.incidents.corrections import mention_of

EDITOR = {"Authorization": "Bearer editor-token-0123456789"}
READER = {"Authorization": "Bearer reader-token-0123456789"}


class Desk:
    """A board over a view with a newsroom behind it, and the corrections that it sent."""

    def __init__(self, store, room, **section):
        self.store, self.room, self.sent = store, room, []
        if room.records:
            store.apply(room.records)
        given = {"editors": [{"name": "Noor", "token": "editor-token-0123456789"}]} | section
        self.section = BoardSection(**given)

        async def publish(correction):
            self.sent.append(correction)

        self.board = Board(
            store=store,
            access=access_of(self.section),
            policy=REPLAY,
            clock=lambda: datetime(2026, 3, 6, tzinfo=UTC),
            publish=publish,
            public_url=self.section.public_url,
            embed=self.section.embed,
            tiles=self.section.tiles,
        )
        self.client = TestClient(make_board(self.board), base_url="http://localhost", raise_server_exceptions=False)  # fmt: skip

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)

    def items(self, path):
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def correct(self, headers=EDITOR, **body):
        return self.client.post("/api/corrections", json=body, headers=headers)

    def settle(self):
        """Have the track stage take the corrections that were sent."""
        for correction in self.sent:
            self.store.apply(self.room.correct(mention_of(correction)))
        self.sent.clear()


@pytest.fixture
def desk(lite):
    return Desk(lite, told())


def bombing(desk):
    return next(i for i in desk.items("/api/incidents") if i["place"]["name"] == "Kirkuk")


def test_incidents_come_newest_first_with_what_a_list_shows(desk):
    strike, bomb = desk.items("/api/incidents")
    assert strike["headline"] == "Air strike in Aitaroun, South Lebanon (Lebanon): 3 killed"
    assert bomb["killed"] == {"low": 6, "best": 6, "high": 6}
    assert bomb["sources"] == ["Tigris Wire", "Copy Post", "Zagros Monitor", "Anka Desk"]
    assert (bomb["independent_sources"], bomb["alerts"]) == (3, 3)


def test_an_incidents_page_says_how_each_figure_changed_by_whom_and_why_it_alerted(desk):
    page = desk.get(f"/api/incidents/{bombing(desk)['incident_id']}").json()
    assert [r["copy_of"] for r in page["reports"]] == [None, "Tigris Wire", None, None]
    told_of = [(c["measure"], c["reason"], c["source"], c["decisions"]) for c in page["changes"]]
    assert told_of[0] == ("incident", "created", "Tigris Wire", ["new_attack"])
    assert ("killed", "raised", "Zagros Monitor", ["toll_raised"]) in told_of
    assert ("statement", "statement", "Anka Desk", ["new_condemnation"]) in told_of
    assert [s["statement"]["speaker"]["name"] for s in page["statements"]] == ["Turkey"]
    assert [a["reason"] for a in page["alerts"]] == ["new_attack", "toll_raised", "new_condemnation"]  # fmt: skip


def test_the_reason_of_a_silence_is_told(desk):
    old = next(i for i in desk.items("/api/incidents?background=true") if i["background"])
    page = desk.get(f"/api/incidents/{old['incident_id']}").json()
    assert page["alerts"] == []
    assert page["changes"][0]["decisions"] == ["background"]


def test_evidence_is_marked_in_its_article(desk):
    name = bombing(desk)["incident_id"]
    page = desk.get(f"/api/articles/market?incident={name}").json()
    marked = {piece["text"]: piece["facts"] for piece in page["text"] if piece["facts"]}
    assert marked["killing four people"] == ["killed", "sentence"]
    assert "".join(piece["text"] for piece in page["text"]).startswith("KIRKUK - A car bomb")
    plain = desk.get("/api/articles/market").json()
    assert [piece["facts"] for piece in plain["text"]] == [[]]


def test_tallies_come_with_their_steps(desk):
    (series,) = desk.items("/api/tallies")
    assert [point["value"]["best"] for point in series["points"]] == [55, 70, 103]


def test_a_summary_counts_days_and_places(desk):
    told_of = desk.get("/api/summary").json()
    assert told_of["days"] == [{"day": "2026-03-04", "incidents": 2, "killed": 9, "injured": 11}]
    assert [(s["name"], s["incidents"], s["strikes"]) for s in told_of["spots"]] == [
        ("Aitaroun", 1, 1),
        ("Kirkuk", 1, 0),
    ]


@pytest.mark.parametrize(
    ("path", "columns", "expected"),
    [
        ("deltas?reason=lowered&reason=raised", ["measure", "before_best", "after_best", "source"],
         [["killed", "4", "6", "Zagros Monitor"], ["tally", "55", "70", "Gulf Wire"], ["tally", "70", "103", "Gulf Wire"]]),
        ("statements?official=true", ["speaker", "official", "stance"], [["Turkey", "1", "condemn"]]),
        ("tallies", ["what", "since", "best"], [["attacks", "2025-10-17", n] for n in ("55", "70", "103")]),
        ("alerts?kind=strike", ["kind", "title"], [["strike", "Air strike in Aitaroun, South Lebanon (Lebanon): 3 killed"]]),
    ],
)  # fmt: skip
def test_every_list_comes_as_csv(lite, path, columns, expected):
    answer = Desk(lite, told()).get(f"/api/{path}", accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = [[row[name] for name in columns] for row in csv.DictReader(io.StringIO(answer.text))]
    assert sorted(rows) == sorted(expected)


@pytest.mark.parametrize("media", ["application/json", "text/csv", "application/geo+json"])
def test_a_page_in_any_form_says_where_the_next_one_is(lite, media):
    desk = Desk(lite, told())
    first = desk.get("/api/incidents?background=true&kind=attack&limit=1", accept=media)
    link = re.fullmatch(r"<(/api/incidents\?[^>]+)>; rel=\"next\"", first.headers["link"])
    last = desk.get(link[1], accept=media)
    assert last.status_code == 200
    assert "link" not in last.headers
    assert last.content != first.content


def test_csv_has_acleds_columns_and_no_formula(lite):
    room = Newsroom()
    text = "A bomb killed two in Kirkuk."
    room.publish('=HYPERLINK("http://x")', "Bomb", text, incidents=[happened(text, killed=2)])
    answer = Desk(lite, room).get("/api/incidents", accept="text/csv")
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["event_date"], row["event_type"], row["sub_event_type"], row["fatalities"]) == (
        "2026-03-04",
        "Explosions/Remote violence",
        "Remote explosive/landmine/IED",
        "2",
    )
    assert row["source"].startswith("'=")


def test_geojson_and_lines(desk):
    features = desk.get("/api/incidents", accept="application/geo+json").json()["features"]
    assert features[1]["geometry"] == {"type": "Point", "coordinates": [44.39, 35.47]}
    lines = desk.get("/api/incidents?format=jsonl").text.splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["strike", "attack"]


def test_alerts_as_feeds_and_as_cap(desk):
    feed = feedparser.parse(desk.get("/api/alerts", accept="application/atom+xml").content)
    assert [e.title.partition(" ")[0] for e in feed.entries].count("Air") == 1
    assert feed.entries[0].link.startswith("http://localhost/incidents/inc-")
    items = desk.get("/api/alerts?format=jsonfeed").json()["items"]
    assert len(items) == len(feed.entries) == 4
    update = next(a for a in desk.items("/api/alerts") if a["reason"] == "toll_raised")
    cap = etree.fromstring(desk.get(f"/api/alerts/{update['alert_id']}?format=cap").content)
    assert cap.findtext("{*}msgType") == "Update"
    assert cap.findtext("{*}references").startswith("localhost,alr-")


def test_an_unchanged_view_is_not_sent_again(desk):
    first = desk.get("/api/incidents")
    again = desk.get("/api/incidents", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    text = "A bomb killed two in Basra."
    desk.store.apply(desk.room.publish("Wire", "Bomb", text, incidents=[happened(text)], hours=50))
    assert desk.get("/api/incidents", **{"if-none-match": first.headers["etag"]}).status_code == 200


def test_pages_follow_one_another(desk):
    first = desk.get("/api/incidents?limit=1").json()
    second = desk.get(f"/api/incidents?limit=1&after={first['next']}").json()
    assert [p["items"][0]["place"]["name"] for p in (first, second)] == ["Aitaroun", "Kirkuk"]
    assert second["next"] is None


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/incidents?limit=0", 400),
        ("/api/incidents?limit=501", 400),
        ("/api/incidents?limit=x", 400),
        ("/api/incidents?kind=war", 400),
        ("/api/incidents?country=Iraq", 400),
        ("/api/incidents?since=yesterday", 400),
        ("/api/incidents?since=0001-01-01T00:00:00%2B14:00", 200),
        ("/api/incidents?until=9999-12-31T23:59:59-14:00", 200),
        ("/api/incidents?q=%00", 400),
        ("/api/incidents?after=99999999999999999999", 400),
        ("/api/incidents?after=9999999999999999999", 200),
        ("/api/incidents?colour=red", 400),
        ("/api/incidents?background=yes", 400),
        ("/api/incidents?limit=1&limit=2", 400),
        ("/api/incidents?format=pdf", 400),
        ("/api/incidents/inc-none", 404),
        ("/api/incidents/%27%20OR%201=1", 400),
        ("/api/articles/none", 404),
        ("/api/alerts/none", 404),
        ("/api/nothing", 404),
        ("/nothing", 404),
        ("/static/../app.py", 404),
        ("/api/incidents?q=" + "x" * 201, 400),
        ("/api/incidents?q=" + "x" * 40_000, 414),
    ],
)
def test_what_is_wrong_is_told_as_a_problem(desk, path, status):
    answer = desk.get(path)
    assert answer.status_code == status
    if status >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status


def test_a_form_that_there_is_not_is_refused(desk):
    assert desk.get("/api/viewer", accept="text/csv").status_code == 406
    assert desk.get("/api/viewer", accept="text/csv, */*;q=0.1").status_code == 200


def test_other_methods_are_refused(desk):
    answer = desk.client.delete("/api/incidents")
    assert (answer.status_code, answer.json()["status"]) == (405, 405)


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:8640", 200), ("[::1]:8640", 200), ("evil.example", 421), ("", 421), ("[", 421)],
)  # fmt: skip
def test_only_our_own_names_are_answered(desk, host, status):
    assert desk.get("/api/incidents", host=host).status_code == status


def test_every_answer_holds_the_page_to_its_own_files(desk):
    for path in ("/", "/api/incidents", "/nothing", "/api/incidents?limit=x"):
        headers = desk.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_named_origins_may_embed(lite):
    desk = Desk(lite, told(), embed=["https://desk.example"])
    assert (
        "frame-ancestors https://desk.example" in desk.get("/").headers["content-security-policy"]
    )


def test_reading_with_a_token(lite):
    desk = Desk(lite, told(), tokens=["reader-token-0123456789"])
    assert desk.get("/").status_code == 200
    refused = desk.get("/api/incidents")
    assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert desk.get("/api/stream").status_code == 401
    assert desk.get("/api/incidents", authorization="Bearer wrong").status_code == 401
    assert desk.get("/api/incidents", **READER).status_code == 200
    assert desk.get("/api/viewer", **EDITOR).json()["name"] == "Noor"


def test_who_asks_too_often_waits(lite):
    desk = Desk(lite, told(), requests_per_minute=10)
    answers = [desk.get("/api/viewer") for _ in range(12)]
    assert [a.status_code for a in answers] == [200] * 10 + [429] * 2
    assert int(answers[-1].headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("headers", "body", "status", "reason"),
    [
        ({}, {}, 401, "no_token"),
        (READER, {}, 401, "no_token"),
        (EDITOR | {"Origin": "https://evil.example"}, {}, 403, "other_origin"),
        (EDITOR | {"Origin": "http://localhost"}, {}, 202, None),
        (EDITOR, {"act": "dance"}, 400, ""),
        (EDITOR, {"colour": "red"}, 400, ""),
        (EDITOR, {"incident_id": "inc-none"}, 404, "incident_not_known"),
        (EDITOR, {"act": "merge", "other_id": "inc-none"}, 409, "other_not_known"),
        (EDITOR, {"act": "figure", "measure": "killed"}, 202, None),
        (EDITOR, {"act": "figure", "measure": "houses"}, 409, "no_figure"),
        (EDITOR, {"note": "x" * 1001}, 400, ""),
        (EDITOR, {"note": "x" * 20_000}, 413, "too_long"),
    ],
)
def test_who_may_correct_what(desk, headers, body, status, reason):
    body = {"act": "dismiss", "incident_id": bombing(desk)["incident_id"]} | body
    answer = desk.correct(headers, **body)
    assert answer.status_code == status, answer.text
    assert answer.json().get("reason", "") == reason or reason is None
    assert len(desk.sent) == (status == 202)


def test_a_correction_that_is_no_json_is_refused(desk):
    sent = desk.client.post("/api/corrections", content="act=dismiss", headers=EDITOR | {"Content-Type": "text/plain"})  # fmt: skip
    assert sent.status_code == 415
    for body in (b"", b"{", b"[]", b"\xff", b"[" * 5000):
        sent = desk.client.post("/api/corrections", content=body, headers=EDITOR | {"Content-Type": "application/json"})  # fmt: skip
        assert sent.status_code == 400


def test_an_editors_figure_and_dismissal_stand_on_the_page(desk):
    name = bombing(desk)["incident_id"]
    count = {"low": 5, "best": 5, "high": 5}
    assert desk.correct(act="figure", incident_id=name, measure="killed", count=count, note="morgue").status_code == 202  # fmt: skip
    desk.settle()
    page = desk.get(f"/api/incidents/{name}").json()
    assert page["incident"]["killed"] == count
    assert page["incident"]["corrected"] == ["killed"]
    assert [(e["act"], e["by"], e["note"]) for e in page["edits"]] == [("figure", "Noor", "morgue")]
    assert [c["reason"] for c in page["changes"]][-1] == "editor"
    assert desk.correct(act="dismiss", incident_id=name).status_code == 202
    desk.settle()
    assert [i["place"]["name"] for i in desk.items("/api/incidents")] == ["Aitaroun"]
    assert desk.get(f"/api/incidents/{name}").json()["incident"]["dismissed"]


def test_an_editors_merge_leads_from_one_to_the_other(lite):
    room = Newsroom()
    for days, killed in ((0, 2), (4, 3)):
        text = f"A bomb killed {killed} in Kirkuk."
        one = happened(text, killed=killed, day=date(2026, 3, 4 + days))
        room.publish("Wire", "Bomb", text, incidents=[one], hours=24 * days)
    desk = Desk(lite, room)
    second, first = (i["incident_id"] for i in desk.items("/api/incidents"))
    assert desk.correct(act="merge", incident_id=first, other_id=second).status_code == 202
    desk.settle()
    assert [i["incident_id"] for i in desk.items("/api/incidents")] == [first]
    assert desk.get(f"/api/incidents/{second}").json()["merged_into"] == first
    page = desk.get(f"/api/incidents/{first}").json()
    assert page["merged_from"] == [second]
    assert {c["incident_id"] for c in page["changes"]} == {first, second}


def test_only_a_trusted_proxy_names_who_asks(lite):
    section = {"identity_header": "X-Forwarded-User", "trusted_proxies": ["10.0.0.0/8"], "proxy_editors": ["noor"]}  # fmt: skip
    desk = Desk(lite, told(), **section)
    app = desk.client.app
    inside = TestClient(app, base_url="http://localhost", client=("10.1.2.3", 1))
    outside = TestClient(app, base_url="http://localhost", client=("192.0.2.1", 1))
    told_of = inside.get("/api/viewer", headers={"X-Forwarded-User": "noor"}).json()
    assert (told_of["name"], told_of["editor"]) == ("noor", True)
    assert not inside.get("/api/viewer", headers={"X-Forwarded-User": "sam"}).json()["editor"]
    assert outside.get("/api/viewer", headers={"X-Forwarded-User": "noor"}).status_code == 401


def test_the_description_holds_every_path(desk):
    told_of = desk.get("/api/openapi.json").json()
    assert told_of["openapi"] == "3.1.0"
    paths = {route.path for route in desk.client.app.routes if route.path.startswith("/api/")}
    assert set(told_of["paths"]) == paths - {"/api/openapi.json"}


def test_hostile_words_stay_words(lite):
    room = Newsroom()
    text = "<script>alert(1)</script> killed two. \u202e\x00"
    title = "</script><img src=x onerror=alert(1)>"
    room.publish("<b>Wire</b>", title, text, incidents=[happened(text, killed=2, quote=text)], url="javascript:alert(1)")  # fmt: skip
    desk = Desk(lite, room)
    name = desk.items("/api/incidents")[0]["incident_id"]
    assert desk.get(f"/api/incidents/{name}").json()["reports"][0]["title"] == title
    for form in ("json", "csv", "geojson", "jsonl"):
        answer = desk.get(f"/api/incidents?format={form}")
        assert answer.headers["content-type"].partition(";")[0] != "text/html"
    for form in ("atom", "jsonfeed"):
        assert desk.get(f"/api/alerts?format={form}").status_code == 200
    msgspec.json.decode(desk.get("/api/alerts?format=jsonfeed").content)
