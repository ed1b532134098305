"""Editors' corrections over HTTP: a body becomes a wish, a wish a record in Kafka, or a reason why not."""

from __future__ import annotations

from functools import partial

import msgspec
from starlette.concurrency import run_in_threadpool

from monitor.board import queries, shapes
from monitor.board.answers import Refused, problem
from monitor.board.api import Board
from monitor.board.rules import Identity
from monitor.incidents.corrections import MAX_ARTICLES, MAX_NOTE, Wish, correction_of
from schemas.correction import Correction
from schemas.reasons import CorrectionAct, CorrectionRefusal
from schemas.report import Count


class CorrectionWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an editor asks for; ``schemas.correction.Correction`` tells what each act takes."""

    act: CorrectionAct
    incident_id: str
    note: str = ""
    other_id: str | None = None
    articles: tuple[str, ...] = ()
    measure: str | None = None
    count: Count | None = None
    lifts: CorrectionAct | None = None


_decoder = msgspec.json.Decoder(CorrectionWish)


async def correct(board: Board, identity: Identity, body: bytes) -> shapes.Accepted:
    """Send the correction in a body on its way.

    Raises:
        Refused: it is no correction, or would change nothing.
    """
    if board.publish is None:
        raise Refused(problem(503, "This board cannot reach Kafka for corrections."))
    wish = _wish(body, identity.name or "")
    find = partial(queries.row_of, board.store)
    made = await run_in_threadpool(correction_of, wish, find, board.clock())
    if not isinstance(made, Correction):
        status = 404 if made is CorrectionRefusal.INCIDENT_NOT_KNOWN else 409
        raise Refused(problem(status, "The correction would change nothing.", str(made)))
    await board.publish(made)
    return shapes.Accepted(correction_id=made.correction_id, act=str(made.act))


def _wish(body: bytes, by: str) -> Wish:
    try:
        asked = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise Refused(problem(400, f"Not a correction: {str(exc)[:200]}")) from exc
    if len(asked.note) > MAX_NOTE or len(asked.articles) > MAX_ARTICLES:
        raise Refused(problem(400, "The note or the list is too long."))
    return Wish(by=by, **msgspec.structs.asdict(asked))
