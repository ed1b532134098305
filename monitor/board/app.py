"""The board as a web application: the API, the stream, the page and its files, behind one guard."""

from __future__ import annotations

import zlib
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import structlog
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from monitor.board.answers import (
    JSON,
    Missing,
    Refused,
    chosen,
    problem,
    refused,
    security_headers,
    stopped,
)
from monitor.board.api import Asked, Board, Sheet
from monitor.board.corrections import correct
from monitor.board.endpoints import ENDPOINTS, FORMATS, Answer, Endpoint, read
from monitor.board.guard import Guard, body_of, host_of, identity_of
from monitor.board.openapi import document
from monitor.board.page import page_routes
from monitor.board.params import ParameterError
from monitor.board.rules import Identity, Stop, correction_stop, frame_ancestors
from monitor.board.stream import MAX_STREAMS, Mark, events, mark_of
from schemas.base import Record

log = structlog.get_logger(__name__)

_CHARSETS = {"text/csv": "; charset=utf-8; header=present"}
MIN_GZIP_BYTES = 1_000

Handler = Callable[[Request], Awaitable[Response]]


def make_board(board: Board) -> Starlette:
    """Return the web application."""
    told = msgspec.json.encode(document())

    async def description(_: Request) -> Response:
        return Response(told, media_type="application/openapi+json;version=3.1")

    routes = [Route(endpoint.path, _reading(board, endpoint)) for endpoint in ENDPOINTS]
    routes += [
        Route("/api/stream", _streaming(board)),
        Route("/api/corrections", _correcting(board), methods=["POST"]),
        Route("/api/openapi.json", description),
        *page_routes(board.tiles),
    ]
    pictures = board.tiles.origin if board.tiles else None
    headers = security_headers(frame_ancestors(board.embed), pictures)
    handlers: dict[Any, Any] = {HTTPException: _http_error, Exception: _crash}
    return Starlette(
        routes=routes,
        exception_handlers=handlers,
        middleware=[
            Middleware(Guard, access=board.access, headers=headers),
            Middleware(GZipMiddleware, minimum_size=MIN_GZIP_BYTES, compresslevel=6),
        ],
    )


def _reading(board: Board, endpoint: Endpoint) -> Handler:
    async def answer(request: Request) -> Response:
        identity = identity_of(board.access, request)
        if identity is None:
            return stopped(Stop.NO_TOKEN)
        query: dict[str, list[str]] = {}
        for name, value in request.query_params.multi_items():
            query.setdefault(name, []).append(value)
        try:
            values: dict[str, Any] = read(endpoint, request.path_params, query)
        except ParameterError as exc:
            return refused(problem(400, str(exc)))
        media = _media(request, endpoint, values.pop("format"))
        if media is None:
            offered = ", ".join(endpoint.answers)
            return refused(problem(406, f"This is told as {offered}."))
        asked = Asked(values=values, identity=identity, base_url=_base_url(board, request))
        return await run_in_threadpool(
            _answered, board, endpoint.answers[media], asked, media, request
        )

    return answer


def _media(request: Request, endpoint: Endpoint, form: str | None) -> str | None:
    if form is not None:
        return FORMATS[form]
    return chosen(request.headers.get("accept", "*/*"), tuple(endpoint.answers))


def _answered(board: Board, answer: Answer, asked: Asked, media: str, request: Request) -> Response:
    """Return the answer, or that it is as it was: the view's version tells without asking further."""
    now = board.store.standing()
    who = zlib.crc32(f"{asked.identity}".encode("utf-8", "replace"))
    etag = f'W/"{now.view}-{now.version}-{media.partition("/")[2]}-{who:x}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    if etag in request.headers.get("if-none-match", "").split(", "):
        return Response(status_code=304, headers=headers)
    try:
        made = answer(board, asked)
    except Missing as exc:
        return refused(problem(404, str(exc)))
    following = getattr(made, "next", None)
    if following is not None:
        more = request.url.include_query_params(after=following)
        headers["Link"] = f'<{more.path}?{more.query}>; rel="next"'
    body = made.body if isinstance(made, Sheet) else made
    told = msgspec.json.encode(body) if isinstance(body, Record) else body
    return Response(told, media_type=media + _CHARSETS.get(media, ""), headers=headers)


def _base_url(board: Board, request: Request) -> str:
    return board.public_url or f"{request.url.scheme}://{host_of(request)}"


def _streaming(board: Board) -> Handler:
    async def answer(request: Request) -> Response:
        if identity_of(board.access, request) is None:
            return stopped(Stop.NO_TOKEN)
        told = request.headers.get("last-event-id", "")
        since = mark_of(told)
        if told and since is None:
            return refused(problem(400, "Last-Event-ID is the id of an event of this stream."))
        if board.streams >= MAX_STREAMS:
            return refused(problem(503, "Too many readers."), {"Retry-After": "30"})
        return StreamingResponse(
            _counted(board, since),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    return answer


async def _counted(board: Board, since: Mark | None) -> Any:
    """Yield events while counting the reader (an async generator, as Starlette takes it)."""
    board.streams += 1
    try:
        async for event in events(board, since):
            yield event
    finally:
        board.streams -= 1


def _correcting(board: Board) -> Handler:
    async def answer(request: Request) -> Response:
        identity = identity_of(board.access, request) or Identity()
        if (
            stop := correction_stop(identity, host_of(request), request.headers.get("origin"))
        ) is not None:
            return stopped(stop)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            return refused(problem(415, f"A correction comes as {JSON}."))
        body = await body_of(request)
        if body is None:
            return stopped(Stop.TOO_LONG)
        try:
            accepted = await correct(board, identity, body)
        except Refused as exc:
            return refused(exc.problem)
        log.info("correction sent", id=accepted.correction_id, act=accepted.act, by=identity.name)
        return Response(msgspec.json.encode(accepted), status_code=202, media_type=JSON)

    return answer


async def _http_error(_: Request, exc: HTTPException) -> Response:
    return refused(problem(exc.status_code), exc.headers)


async def _crash(request: Request, exc: Exception) -> Response:
    log.error("request failed", path=request.url.path[:200], error=repr(exc)[:500])
    return refused(problem(500, "The board failed on this; its log says more."))
