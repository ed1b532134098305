"""What an editor may wish, what comes of it, and that it holds whatever arrives afterwards."""

import json
from datetime import date, timedelta

import pytest
from report_records import NOON, incident, report, statement, unique

from monitor.incidents.corrections import MAX_NOTE, Wish, correction_of, mention_of
from monitor.incidents.snapshot import snapshot_of
from monitor.replay import Player, events_of
from schemas.codec import to_json
from schemas.correction import Correction
from schemas.reasons import CorrectionAct, CorrectionRefusal, Outcome
from schemas.report import Count
from schemas.state import IncidentRow

DAY = date(2025, 3, 4)
FIVE = Count(low=5, best=5, high=5)


class Desk:
    """The stages after extraction, with an editor; counts the alerts of each step."""

    def __init__(self):
        self.player = Player(reader=None)
        self.alerts = []

    def report(self, article_id, *, hours=0, source=None, statements=(), outcome=Outcome.NEW, **of):
        """Play a report of one incident, and return its deltas and alerts as (reason, ...)."""
        of = {"code": "IQ", "day": DAY, "killed": 3} | of
        told = report(incidents=(incident(0, **of),), statements=statements)
        article = unique(article_id, source or article_id, hours=hours, outcome=outcome)
        return self._tell(list(self.player.events(told, article)))

    def wish(self, act, of, *, at=NOON + timedelta(hours=9), by="desk", **more):
        wish = Wish(act=CorrectionAct(act), incident_id=self.incident(of) or of, by=by, **more)
        return correction_of(wish, self.find, at)

    def correct(self, act, of, **more):
        made = self.wish(act, of, **more)
        assert isinstance(made, Correction)
        return self._tell(list(self.player.correct(made)))

    def find(self, key):
        row = self.player.incidents.get(key)
        return row if isinstance(row, IncidentRow) else None

    def incident(self, article_id):
        """The incident that an article has a claim of."""
        rows = [self.find(key) for key in self.player.incidents]
        ids = [r.incident_id for r in rows if r for c in r.claims if c.article_id == article_id]
        return ids[0] if ids else None

    def known(self, of):
        return snapshot_of(self.find(self.incident(of)))

    def _tell(self, events):
        self.alerts = [e for e in events if e["type"] == "alert"]
        return [(e["measure"], e["reason"]) for e in events if e["type"] == "delta"]


def desk(*articles):
    """A desk that has read of one bombing in Mosul from each of the articles."""
    made = Desk()
    for hours, article in enumerate(articles):
        made.report(article, hours=hours)
    return made


REFUSED = [
    ("an incident that nobody knows", ("dismiss", "inc-none", {}), "incident_not_known"),
    ("nobody says so", ("dismiss", "a", {"by": " "}), "no_editor"),
    ("a note as long as an article", ("dismiss", "a", {"note": "x" * (MAX_NOTE + 1)}), "too_long"),
    ("a merge with nothing", ("merge", "a", {}), "other_not_known"),
    ("a split of a report of another incident", ("split", "a", {"articles": ("z",)}), None),
    ("a split of nothing", ("split", "a", {"articles": ()}), "not_its_reports"),
    ("a split of all there is", ("split", "a", {"articles": ("a", "b")}), "nothing_would_stay"),
    ("a figure of nothing", ("figure", "a", {"measure": "dogs", "count": FIVE}), "no_figure"),
    (
        "bounds the wrong way round",
        ("figure", "a", {"measure": "killed", "count": Count(low=9, best=5, high=5)}),
        "no_figure",
    ),
    (
        "a slip of the hand",
        ("figure", "a", {"measure": "killed", "count": Count(low=0, best=0, high=10**9)}),
        "no_figure",
    ),
    ("a lift of nothing", ("lift", "a", {"lifts": CorrectionAct.DISMISS}), "nothing_to_lift"),
    ("a lift of a merge", ("lift", "a", {"lifts": CorrectionAct.MERGE}), "nothing_to_lift"),
]


@pytest.mark.parametrize(
    ("act", "of", "more", "reason"),
    [(*wish, reason or "not_its_reports") for _, wish, reason in REFUSED],
    ids=[sentence for sentence, _, _ in REFUSED],
)
def test_what_would_change_nothing_is_refused_with_a_reason(act, of, more, reason):
    assert desk("a", "b").wish(act, of, **more) == CorrectionRefusal(reason)


def test_incidents_of_two_countries_are_not_merged_since_two_workers_keep_them():
    made = desk("a")
    made.report("s", code="SY", name="Idlib")
    refused = made.wish("merge", "a", other_id=made.incident("s"))
    assert refused is CorrectionRefusal.OTHER_SUBJECT


def test_a_merge_is_one_delta_and_one_update_and_no_second_alert():
    made = desk("a")
    made.report("z", name="Tal Afar", killed=7)
    gone = made.incident("z")
    assert ("incident", "merged") in made.correct("merge", "a", other_id=gone)
    assert [a["reason"] for a in made.alerts] == ["merged"]
    assert made.incident("z") == made.incident("a") != gone
    assert made.report("y", hours=3, name="Tal Afar", killed=7) == [("sources", "confirmed")]
    assert made.alerts == []


def test_a_merge_holds_when_an_older_report_arrives_late():
    made = desk("a")
    made.report("z", hours=5, name="Tal Afar", killed=7)
    made.correct("merge", "a", other_id=made.incident("z"))
    made.report("early", hours=-2)
    assert made.incident("z") == made.incident("a") == made.incident("early")


def test_what_is_split_off_is_an_incident_of_its_own_and_stays_one():
    made = desk("a", "b", "c")
    assert ("incident", "split") in made.correct("split", "a", articles=("b",))
    assert [a["kind"] for a in made.alerts] == ["attack"]
    assert made.incident("a") == made.incident("c") != made.incident("b")
    made.report("early", hours=-2)
    made.report("late", hours=8)
    assert made.incident("a") == made.incident("c") != made.incident("b")


def test_a_revised_article_stays_where_an_editor_put_it():
    made = desk("a", "b", "c")
    made.correct("split", "a", articles=("b",))
    there = made.incident("b")
    made.report("b", hours=9, outcome=Outcome.REVISION)
    assert made.incident("b") == there


def test_a_split_takes_the_words_of_officials_with_their_report():
    made = desk("a")
    made.report("b", hours=1, statements=(statement(about=0),))
    made.correct("split", "a", articles=("b",))
    assert made.find(made.incident("a")).statements == ()
    assert len(made.find(made.incident("b")).statements) == 1


def test_an_editors_figure_outranks_sources_until_it_is_lifted():
    made = desk("a", "b")
    assert made.correct("figure", "a", measure="killed", count=FIVE) == [("killed", "editor")]
    assert [a["reason"] for a in made.alerts] == ["toll_corrected"]
    assert made.report("c", hours=2, killed=12) == [("sources", "confirmed")]
    assert made.alerts == []
    assert (made.known("a").killed, made.known("a").corrected) == (FIVE, ("killed",))
    lifted = made.correct("lift", "a", lifts=CorrectionAct.FIGURE, measure="killed")
    assert lifted == [("killed", "editor")]
    assert made.known("a").killed.best == 12
    assert [a["reason"] for a in made.alerts] == ["toll_corrected"]


def test_the_same_figure_again_is_refused():
    made = desk("a")
    made.correct("figure", "a", measure="killed", count=FIVE)
    again = made.wish("figure", "a", measure="killed", count=FIVE)
    assert again is CorrectionRefusal.ALREADY_SO


def test_a_dismissed_incident_is_cancelled_and_alerts_no_more():
    made = desk("a")
    assert made.correct("dismiss", "a", note="A drill.") == [("dismissed", "editor")]
    (cancel,) = made.alerts
    assert (cancel["msg_type"], cancel["reason"], cancel["text"][:9]) == (
        "cancel",
        "dismissed",
        "“A drill.",
    )
    made.report("b", hours=1, killed=30, statements=(statement(about=0),))
    assert made.alerts == []
    assert made.incident("b") == made.incident("a")


def test_a_dismissal_of_what_nobody_was_told_of_tells_nobody():
    made = Desk()
    made.report("a", background=True)
    made.correct("dismiss", "a")
    assert made.alerts == []


def test_a_lifted_dismissal_is_told_to_those_who_were_told():
    made = desk("a")
    made.correct("dismiss", "a")
    made.correct("lift", "a", lifts=CorrectionAct.DISMISS)
    assert [(a["reason"], a["msg_type"]) for a in made.alerts] == [("reinstated", "update")]
    made.report("b", hours=1, killed=30)
    assert [a["reason"] for a in made.alerts] == ["toll_raised"]


def test_what_is_marked_as_background_is_told_no_more():
    made = desk("a")
    assert made.correct("background", "a") == [("background", "editor")]
    assert made.alerts == []
    made.report("b", hours=1, killed=30)
    assert made.alerts == []
    made.correct("lift", "a", lifts=CorrectionAct.BACKGROUND)
    made.report("c", hours=2, killed=40)
    assert [a["reason"] for a in made.alerts] == ["toll_raised"]


def test_a_correction_read_twice_changes_nothing_the_second_time():
    made = desk("a")
    correction = made.wish("dismiss", "a")
    first = list(made.player.correct(correction))
    (again,) = list(made.player.correct(correction))
    assert first[0]["reason"] == "editor"
    assert again["reason"] == "already_applied"


def test_a_correction_that_came_too_late_is_refused_where_it_is_applied():
    made = desk("a")
    first, second = made.wish("dismiss", "a"), made.wish("dismiss", "a", by="night desk")
    list(made.player.correct(first))
    (event,) = list(made.player.correct(second))
    assert event["reason"] == "already_so"


def test_an_incident_that_an_editor_touched_is_not_merged_by_evidence():
    """Both are told already, and whoever touched one has seen the other: only an editor merges them."""
    made = desk("a")
    made.report("n", hours=1, name="Nineveh", killed=9, names=("Ali Hassan",))
    before = made.incident("n")
    made.correct("background", "n")
    made.report("b", hours=2, killed=9, names=("Ali Hassan",))
    assert made.incident("n") == before


def test_a_correction_travels_under_its_incidents_key():
    made = desk("a")
    mention = mention_of(made.wish("dismiss", "a"))
    assert (mention.subject, mention.article.source) == ("country:IQ", "editor")


class OneBombing:
    """Stands where extraction would: each article tells of one bombing in Mosul."""

    def read_many(self, articles):
        for article in articles:
            yield report((incident(0, code="IQ", killed=3),), report_id=article.article_id)


def test_replay_takes_corrections_among_its_articles():
    """Archived articles with the lines of `news-monitor correct list` between them give what was told live."""
    article = {"id": "a", "title": "Bomb", "text": "In Mosul.", "published": "2025-03-04T12:00:00Z"}
    live = desk("a")
    line = to_json(live.wish("dismiss", "a"))
    later = {**article, "id": "b", "title": "Toll", "text": "In Mosul, again."}
    given = [
        json.dumps(article).encode(),
        line,
        b'{"correction_id": 1}',
        json.dumps(later).encode(),
    ]
    events = list(events_of(given, Player(OneBombing())))
    told = [
        e.get("msg_type") or e.get("reason") for e in events if e["type"] in ("alert", "correction")
    ]
    assert told == ["alert", "editor", "cancel"]
    assert [e["line"] for e in events if e["type"] == "error"] == [3]
