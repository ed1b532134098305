"""What may go wrong on the way to a server, by name: one table from the network library's exceptions to our results."""

from __future__ import annotations

import ssl
from dataclasses import dataclass

import httpcore

from monitor.feeds.encoding import EncodingError, TooLargeError
from monitor.feeds.network import AddressRefusedError, NameNotFoundError
from schemas.feed import FetchResult


@dataclass(slots=True)
class Problem(Exception):  # noqa: N818 -- the fetcher turns it into an answer
    """A hop that cannot be made."""

    result: FetchResult
    detail: str = ""


_RESULTS: tuple[tuple[type[BaseException], FetchResult], ...] = (
    (NameNotFoundError, FetchResult.NAME_NOT_FOUND),
    (AddressRefusedError, FetchResult.ADDRESS_REFUSED),
    (TooLargeError, FetchResult.TOO_LARGE),
    (EncodingError, FetchResult.BAD_ENCODING),
    (httpcore.TimeoutException, FetchResult.TOO_SLOW),
    (TimeoutError, FetchResult.TOO_SLOW),
    (httpcore.ProxyError, FetchResult.PROXY_FAILED),
    (httpcore.ConnectError, FetchResult.NOT_REACHED),
    (httpcore.NetworkError, FetchResult.BROKEN_OFF),
    (httpcore.RemoteProtocolError, FetchResult.NOT_HTTP),
    (httpcore.LocalProtocolError, FetchResult.BAD_ADDRESS),
    (httpcore.UnsupportedProtocol, FetchResult.SCHEME_REFUSED),
    (ssl.SSLError, FetchResult.TLS_FAILED),
    (OSError, FetchResult.NOT_REACHED),
    (ValueError, FetchResult.NOT_HTTP),
)
"""The first class that fits names the problem. ``ValueError`` is what h11 and the standard library leave uncaught."""

_BROKEN_OFF = ("peer closed", "disconnected", "incomplete")


class named_problems:  # noqa: N801 -- a context manager reads like a verb
    """Turn what a network library raises into a named problem."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, exc: BaseException | None, _trace: object) -> None:
        if exc is None or isinstance(exc, Problem):
            return
        result = next((r for kind, r in _RESULTS if isinstance(exc, kind)), None)
        if result is None:
            return
        raise Problem(refined(result, exc), str(exc)[:200]) from exc


def refined(result: FetchResult, exc: BaseException) -> FetchResult:
    """Return the closer name that the text of an exception gives."""
    text = str(exc).lower()
    if result is FetchResult.NOT_REACHED and ("ssl" in text or "certificate" in text):
        return FetchResult.TLS_FAILED
    if result is FetchResult.NOT_HTTP and any(word in text for word in _BROKEN_OFF):
        return FetchResult.BROKEN_OFF
    return result
