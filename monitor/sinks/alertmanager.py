"""Post alerts to Prometheus Alertmanager's API v2, with labels to route by and annotations to read.

An alert there lasts until ``endsAt``; a monitor's alert is an event, so it ends after ``lasts_s``. A ``cancel`` ends all
that was told of its incident at once: Alertmanager knows an alert by all of its labels, so it is asked for those that
it holds of the incident. The alerts of a digest are posted one by one. Source: Alertmanager's OpenAPI for ``/api/v2/alerts``.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import httpx
import msgspec
from pydantic import Field

from monitor.alerts.cap import grade
from monitor.alerts.sources import link_of
from monitor.hidden import Server
from monitor.sinks.base import Event, SendResult, SinkConfig
from monitor.sinks.webhook import retry_after
from schemas.alert import Alert

MAX_ANSWER_BYTES = 4 << 20
"""What is held of one incident is a kilobyte an alert."""
TOO_LONG = f"an answer of over {MAX_ANSWER_BYTES} bytes"


class AlertmanagerConfig(SinkConfig):
    """An Alertmanager."""

    type: Literal["alertmanager"] = "alertmanager"
    url: Server = Field(description="Its base address, e.g. http://127.0.0.1:9093.")
    lasts_s: float = Field(
        default=3600, ge=60, description="Seconds until the alert ends by itself."
    )
    timeout_s: float = Field(default=15.0, gt=0, le=60, description="Seconds for one attempt.")


class Alertmanager:
    """A sink that posts to one Alertmanager."""

    def __init__(
        self, config: AlertmanagerConfig, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """Make the sink; ``transport`` replaces the network in tests."""
        self.name = config.name
        self._lasts = timedelta(seconds=config.lasts_s)
        self._timeout_s = config.timeout_s
        self._url = str(config.url).rstrip("/") + "/api/v2/alerts"
        self._client = httpx.AsyncClient(
            transport=transport, timeout=config.timeout_s, follow_redirects=False, trust_env=False
        )

    async def send(self, event: Event, now: datetime) -> SendResult:
        """Post the alert once."""
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._posted(event.alert, now)
        except (TimeoutError, httpx.HTTPError, OSError, msgspec.MsgspecError) as exc:
            return SendResult(ok=False, detail=type(exc).__name__)
        code = answer.status_code
        return SendResult(
            ok=answer.is_success,
            status_code=code,
            retry_after_s=retry_after(answer.headers, code, now),
            detail=f"HTTP {code}",
        )

    async def _posted(self, alert: Alert, now: datetime) -> httpx.Response:
        told = alert.parts or (alert,)
        posted: list[dict[str, object]] = []
        for one in told:
            if one.msg_type != "cancel":
                posted.append(as_alertmanager(one, now, self._lasts))
                continue
            held, raw = await self._ask("GET", params={"filter": _of_incident(one)})
            if not held.is_success:
                return held
            posted += [as_resolved(known, now) for known in _held(raw)]
        body = json.dumps(posted)
        headers = {"content-type": "application/json"}
        answer, _ = await self._ask("POST", content=body, headers=headers)
        return answer

    async def _ask(self, method: str, **sent: Any) -> tuple[httpx.Response, bytes]:
        """Return an answer and its body; ``sent`` is httpx's (of many types).

        Raises:
            httpx.ReadError: the answer is longer than any that Alertmanager gives.
        """
        body = bytearray()
        async with self._client.stream(method, self._url, **sent) as answer:
            async for part in answer.aiter_bytes():
                body += part
                if len(body) > MAX_ANSWER_BYTES:
                    raise httpx.ReadError(TOO_LONG)
        return answer, bytes(body)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def as_alertmanager(alert: Alert, now: datetime, lasts: timedelta) -> dict[str, object]:
    """Return the alert as Alertmanager's ``postableAlert``; labels are closed sets but for the ids that make it one."""
    incident = alert.incident
    place = incident.place if incident else None
    labels = {
        "alertname": f"news_{alert.kind}",
        "kind": str(alert.kind),
        "reason": str(alert.reason),
        "status": alert.status,
        "severity": grade(alert).severity.value.lower(),
        "country": (place.country_code if place else None) or "unknown",
        "incident": _incident_of(alert),
        "alert_id": alert.alert_id,
    }
    starts = (alert.fetched_at or alert.published or now).astimezone(UTC)
    return {
        "labels": labels,
        "annotations": {"summary": alert.title, "description": alert.text},
        "startsAt": min(starts, now).isoformat(),
        "endsAt": (now + lasts).isoformat(),
        "generatorURL": link_of(alert) or "",
    }


def as_resolved(known: dict[str, Any], now: datetime) -> dict[str, object]:
    """Return an alert that Alertmanager holds (its ``gettableAlert``, any JSON) as one that ends now."""
    kept = ("labels", "annotations", "startsAt", "generatorURL")
    return {name: known[name] for name in kept if name in known} | {"endsAt": now.isoformat()}


def _held(raw: bytes) -> list[dict[str, Any]]:
    """Return the alerts in an answer (``gettableAlerts``, any JSON).

    Raises:
        msgspec.MsgspecError: it is something else.
    """
    return msgspec.json.decode(raw, type=list[dict[str, Any]])


def _incident_of(alert: Alert) -> str:
    return alert.incident_id or alert.subject


def _of_incident(alert: Alert) -> str:
    """Return the matcher of all that is held of an alert's incident; JSON's quotes are a matcher's."""
    return f"incident={json.dumps(_incident_of(alert), ensure_ascii=False)}"
