"""Post alerts to Prometheus Alertmanager's API v2, with labels to route by and annotations to read.

An alert there lasts until ``endsAt``; a monitor's alert is an event, so it ends after ``lasts_s`` unless told
again, and a ``cancel`` ends it at once. Source: Alertmanager's OpenAPI for ``/api/v2/alerts``.
"""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Literal

import httpx
from pydantic import Field, HttpUrl

from monitor.alerts.cap import grade
from monitor.alerts.sources import link_of
from monitor.sinks.base import Event, SendResult, SinkConfig
from schemas.alert import Alert


class AlertmanagerConfig(SinkConfig):
    """An Alertmanager."""

    type: Literal["alertmanager"] = "alertmanager"
    url: HttpUrl = Field(description="Its base address, e.g. http://127.0.0.1:9093.")
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
        body = json.dumps([as_alertmanager(event.alert, now, self._lasts)])
        try:
            async with asyncio.timeout(self._timeout_s):
                answer = await self._client.post(
                    self._url, content=body, headers={"content-type": "application/json"}
                )
        except (TimeoutError, httpx.HTTPError, OSError) as exc:
            return SendResult(ok=False, detail=type(exc).__name__)
        code = answer.status_code
        return SendResult(ok=answer.is_success, status_code=code, detail=f"HTTP {code}")

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
        "incident": alert.incident_id or alert.subject,
        "alert_id": alert.alert_id,
    }
    starts = (alert.fetched_at or alert.published or now).astimezone(UTC)
    ends = now if alert.msg_type == "cancel" else now + lasts
    link = link_of(alert) or ""
    return {
        "labels": labels,
        "annotations": {"summary": alert.title, "description": alert.text},
        "startsAt": min(starts, now).isoformat(),
        "endsAt": ends.isoformat(),
        "generatorURL": link,
    }
