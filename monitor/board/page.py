"""The page and its files, as they stand in the package: read and compressed once, served with their own ETags."""

from __future__ import annotations

import gzip
import json
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from html import escape
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.board.section import Tiles

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
PAGES = ("/", "/incidents/{incident_id}", "/statements", "/alerts", "/tallies")
"""All are one page, which looks at its address."""
_PROVINCES = "provinces.json"
_LEVEL = 9
"""Each file is compressed once for the whole run, so the slowest level is none too slow."""

Handler = Callable[[Request], Awaitable[Response]]


def page_routes(tiles: Tiles | None) -> list[Route]:
    """Return the routes of the page and its files; the page knows of map tiles where there are any."""
    folder = resources.files("monitor.board") / "web"
    files = {file.name: file.read_bytes() for file in folder.iterdir() if _type(file.name)}
    files |= _by_country(files.pop(_PROVINCES))
    page = _serving("index.html", _told(files.pop("index.html"), tiles))
    routes = [Route(path, page) for path in PAGES]
    return routes + [Route(f"/static/{name}", _serving(name, body)) for name, body in files.items()]


def _by_country(raw: bytes) -> dict[str, bytes]:
    """Return a file for each country: a map shows the provinces of few."""
    whole = json.loads(raw)
    grid = {"scale": whole["scale"], "origin": whole["origin"]}
    return {
        f"provinces-{code}.json": json.dumps({**grid, "lines": lines}).encode()
        for code, lines in whole["countries"].items()
    }


def _told(page: bytes, tiles: Tiles | None) -> bytes:
    if tiles is None:
        return page
    told = escape(tiles.model_dump_json(), quote=True)
    return page.replace(b"</head>", f'<meta name="tiles" content="{told}">\n</head>'.encode(), 1)


def _type(name: str) -> str | None:
    return _TYPES.get("." + name.rpartition(".")[2])


def _serving(name: str, body: bytes) -> Handler:
    etag = f'W/"{blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    packed = gzip.compress(body, _LEVEL, mtime=0)
    media = _type(name)

    async def answer(request: Request) -> Response:
        if etag in request.headers.get("if-none-match", "").split(", "):
            return Response(status_code=304, headers=headers)
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(body, media_type=media, headers=headers)
        return Response(packed, media_type=media, headers={**headers, "Content-Encoding": "gzip"})

    return answer
