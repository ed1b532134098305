"""Answers over HTTP: which form is wanted, errors in one form, headers that hold a page to its own files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

import msgspec
from starlette.responses import Response

from monitor.board.rules import Stop
from monitor.board.shapes import Problem

JSON = "application/json"
PROBLEM = "application/problem+json"


class Missing(Exception):  # noqa: N818  it reads as what happened
    """What is asked for is not there."""


class Refused(Exception):  # noqa: N818  the same
    """What is asked for cannot be done; carries the problem to tell."""

    def __init__(self, problem: Problem) -> None:
        """Carry the problem."""
        super().__init__(problem.detail)
        self.problem = problem


_STATUS = {
    Stop.OTHER_HOST: (421, "This board does not answer to that name. Set board.hosts."),
    Stop.TOO_MANY: (429, "Too many requests from this address."),
    Stop.TOO_LONG: (413, "The request is too long."),
    Stop.QUERY_TOO_LONG: (414, "The query is too long."),
    Stop.NO_TOKEN: (401, "This board is read with a token: Authorization: Bearer TOKEN."),
    Stop.NOT_AN_EDITOR: (403, "Only an editor may correct."),
    Stop.OTHER_ORIGIN: (403, "A page of another origin may not correct."),
}


def problem(status: int, detail: str = "", reason: str = "") -> Problem:
    """Return an error; its title is the status's own (RFC 9457, section 4.2.1)."""
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, detail=detail, reason=reason)


def refused(told: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Return the answer that tells an error."""
    return Response(
        msgspec.json.encode(told), status_code=told.status, headers=headers, media_type=PROBLEM
    )


def stopped(stop: Stop, *, retry_s: float = 0.0) -> Response:
    """Return the answer to a request that goes no further."""
    status, detail = _STATUS[stop]
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}
    if retry_s:
        headers["Retry-After"] = str(int(retry_s) + 1)
    return refused(problem(status, detail, str(stop)), headers)


def chosen(accept: str, offered: Sequence[str]) -> str | None:
    """Return the media type to answer in, ``None`` where none will do (RFC 9110, section 12.5.1).

    The first one offered wins where several are wanted alike.
    """
    wanted = _wanted(accept) or {"*/*": 1.0}
    rated = [(_quality(media, wanted), -place, media) for place, media in enumerate(offered)]
    quality, _, media = max(rated)
    return media if quality > 0 else None


def _wanted(accept: str) -> dict[str, float]:
    found = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if media:
            found[media] = _q(parameters)
    return found


def _q(parameters: Sequence[str]) -> float:
    given = next((p[2:] for p in parameters if p.startswith("q=")), "1")
    try:
        return min(max(float(given), 0.0), 1.0)
    except ValueError:
        return 0.0


def _quality(media: str, wanted: Mapping[str, float]) -> float:
    kind = media.partition("/")[0]
    known = (wanted.get(name) for name in (media, f"{kind}/*", "*/*"))
    return next((quality for quality in known if quality is not None), 0.0)


def security_headers(frame_ancestors: str, pictures: str | None = None) -> dict[str, str]:
    """Return what every answer carries: a page may load nothing but this board's own files (CSP 3; OWASP).

    ``pictures`` is the one other origin that pictures may come from: that of map tiles.

    Nothing of a source is ever markup here; should a mistake make it so, these headers stop it from running.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(("'self' data:", *((pictures,) if pictures else ()))),
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": frame_ancestors,
        "require-trusted-types-for": "'script'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
