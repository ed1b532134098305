"""The page and its files, as they stand in the package: read once, served with their own ETags."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
PAGES = ("/", "/incidents/{incident_id}", "/statements", "/alerts", "/tallies")
"""All are one page, which looks at its address."""

Handler = Callable[[Request], Awaitable[Response]]


def page_routes() -> list[Route]:
    """Return the routes of the page and its files."""
    folder = resources.files("monitor.board") / "web"
    files = {file.name: file for file in folder.iterdir() if _type(file.name)}
    page = _serving(files.pop("index.html"))
    routes = [Route(path, page) for path in PAGES]
    return routes + [Route(f"/static/{name}", _serving(file)) for name, file in files.items()]


def _type(name: str) -> str | None:
    return _TYPES.get("." + name.rpartition(".")[2])


def _serving(file: Traversable) -> Handler:
    body = file.read_bytes()
    etag = f'W/"{blake2b(body, digest_size=8).hexdigest()}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    media = _type(file.name)

    async def answer(request: Request) -> Response:
        if etag in request.headers.get("if-none-match", "").split(", "):
            return Response(status_code=304, headers=headers)
        return Response(body, media_type=media, headers=headers)

    return answer
