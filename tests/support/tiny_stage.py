"""A small stage with state for tests of the frame: counts mentions of each subject, one delta for each."""

from agents import wire
from agents.ledger import Ledger
from agents.service import run_stage
from agents.stage import Stage
from monitor.stage import Step
from schemas import codec
from schemas.article import ArticleRef
from schemas.base import Record, Subject
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.reasons import DeltaReason


class Counted(Record, frozen=True, kw_only=True):
    subject: Subject
    count: int
    last: str


class CountBook:
    def __init__(self):
        self.rows = {}

    def __len__(self):
        return len(self.rows)

    def put(self, key, row):
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row


def mention(number, subject="country:IQ"):
    article = ArticleRef(article_id=f"a{number}", source="s", origin="s", title=f"title {number}")
    return Mention(mention_id=f"m{number}", subject=Subject(subject), article=article)


def message(number, subject="country:IQ"):
    return subject.encode(), codec.encode(mention(number, subject))


def judge(book, record, _offset):
    if record.article.title == "raise":
        raise ValueError(record.mention_id)
    old = book.rows.get(record.subject)
    count = old.count + 1 if old else 1
    row = Counted(subject=record.subject, count=count, last=record.mention_id)
    delta = Delta(
        delta_id=f"{record.subject}/{count}",
        subject=record.subject,
        article_id=record.article.article_id,
        measure="incident",
        reason=DeltaReason.CREATED,
    )
    total = book.rows.get("total")
    rows = (
        (record.subject, row),
        (
            "total",
            Counted(subject=Subject("total"), count=(total.count if total else 0) + 1, last=""),
        ),
    )
    return Step(rows=rows, outputs=(delta,), reasons=("created",))


def make_stage():
    return Stage(
        name="track",
        source="incident.mentions",
        kind=Mention,
        ledger=lambda partition: Ledger(
            topic="track.rows",
            partition=partition,
            book=CountBook(),
            row_of=lambda raw: codec.decode(raw, Counted),
        ),
        judge=judge,
        id_of=lambda record: record.mention_id,
        message_of=lambda delta: wire.message("incident.deltas", delta.subject, delta),
    )


def build(tools):
    return run_stage(tools, make_stage())
