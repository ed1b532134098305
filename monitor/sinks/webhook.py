"""Deliver alerts by HTTP POST: CloudEvents 1.0 in structured JSON, signed by the rules of Standard Webhooks.

A redirect is a failure and is never followed: a receiver that moved must be configured anew, since a
signed alert must not go where somebody else points. Answers are read to 64 KiB and then dropped.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_network
from typing import Literal
from urllib.parse import urlsplit

import httpx
from pydantic import Field, SecretStr, field_validator

from monitor.feeds.headers import retry_after_s
from monitor.hidden import Hook, MaybeAddress
from monitor.sinks import signing
from monitor.sinks.base import Event, SendResult, SinkConfig
from monitor.sinks.guarded import GuardedTransport

MAX_ANSWER_BYTES = 64 * 1024
DRAIN_S = 1.0
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
USER_AGENT = "news-monitor-webhook/1"
_GONE = 410
_WAIT_STATUS = frozenset({429, 503})


class WebhookConfig(SinkConfig):
    """A webhook. Secrets come from the environment or a file by ``env:NAME`` or ``file:PATH``."""

    type: Literal["webhook"] = "webhook"
    url: Hook = Field(description="Where alerts are posted.")
    secrets: tuple[SecretStr, ...] = Field(
        default=(), max_length=2, description="One secret, or two while one is being replaced."
    )
    timeout_s: float = Field(default=15.0, gt=0, le=60, description="Seconds for one attempt.")
    headers: dict[str, SecretStr] = Field(default_factory=dict, description="Further headers.")
    allow_private: tuple[str, ...] = Field(
        default=(), description="Private networks (CIDR) that this webhook may be in."
    )
    proxy: MaybeAddress = Field(default=None, description="Proxy for this webhook.")

    @field_validator("allow_private")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for cidr in value:
            ip_network(cidr)
        return value

    @field_validator("secrets")
    @classmethod
    def _secrets(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for secret in value:
            signing.check_secret(secret.get_secret_value())
        return value


class Webhook:
    """A sink that posts to one address, over connections that are kept open."""

    def __init__(
        self, config: WebhookConfig, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Make the sink; ``transport`` replaces the guarded network in tests."""
        self.name = config.name
        self._url = str(config.url)
        self._host = urlsplit(self._url).hostname or ""
        self._secrets: Sequence[str] = [s.get_secret_value() for s in config.secrets]
        self._timeout_s = config.timeout_s
        self._headers = {name: s.get_secret_value() for name, s in config.headers.items()}
        guarded = transport or GuardedTransport(
            config.allow_private, max_connections=config.max_concurrent, proxy=config.proxy
        )
        self._client = httpx.AsyncClient(
            transport=guarded,
            timeout=httpx.Timeout(config.timeout_s),
            follow_redirects=False,
            trust_env=False,
        )

    async def send(self, event: Event, now: datetime) -> SendResult:
        """Post the event once."""
        signed = signing.headers(event.webhook_id, event.body, self._secrets, now)
        base = {"content-type": CONTENT_TYPE, "user-agent": USER_AGENT}
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._post(event.body, self._headers | base | signed, now)
        except TimeoutError:
            return SendResult(ok=False, detail=f"no answer within {self._timeout_s:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as exc:
            return SendResult(ok=False, detail=self._told(exc))

    async def _post(self, body: bytes, headers: dict[str, str], now: datetime) -> SendResult:
        async with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
            code = answer.status_code
            if not answer.is_success:
                return SendResult(
                    ok=False,
                    status_code=code,
                    gone=code == _GONE,
                    retry_after_s=retry_after(answer.headers, code, now),
                    detail=f"HTTP {code}",
                )
            await _drain(answer)
            return SendResult(ok=True, status_code=code, detail=f"HTTP {code}")

    def _told(self, exc: Exception) -> str:
        """Return what happened without the address, which may hold a token."""
        words = str(exc).replace(self._url, self._host).split("\n", 1)[0][:200]
        return f"{type(exc).__name__}: {words}" if words else type(exc).__name__

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


async def _drain(answer: httpx.Response) -> None:
    """Read a short answer to its end, so that the connection can be used again; leave a long one.

    The receiver has taken the alert by now, so nothing that goes wrong here makes it a failure.
    """
    read = 0
    with suppress(httpx.HTTPError, httpx.StreamError, TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            async for chunk in answer.aiter_raw():
                read += len(chunk)
                if read > MAX_ANSWER_BYTES:
                    return


def retry_after(headers: Mapping[str, str], status: int, now: datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for, on 429 and 503 only, else ``None``."""
    return retry_after_s(headers, now) if status in _WAIT_STATUS else None
