"""Makes incidents anew from the unique articles, beside the running ones and without alerting anybody.

The real stages run over the real topic under groups and topics of their own (``kafka.generation``); the alert stage
notes what it would have told as told. Run again, it goes on where it ended. So the switch to the new incidents is a
restart with another ``generation``: what was told before is told to nobody again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from agents.admin import SOURCES
from agents.lag import lags
from agents.settings import REBUILT_STAGES, Settings
from agents.worker import working

LOOK_S = 1.0


def rebuilding(settings: Settings, generation: str) -> Settings:
    """Return the settings under which a rebuild runs: silent, without a port, with topics of its own."""
    kafka = replace(settings.kafka, generation=generation)
    return replace(settings, kafka=kafka, silent=True, http_port=None)


async def rebuild(
    settings: Settings, generation: str, tell: Callable[[int], None], look_s: float = LOOK_S
) -> None:
    """Read all unique articles into a generation; return when nothing waits. ``tell`` gets how many records wait."""
    own = rebuilding(settings, generation)
    async with working(own, REBUILT_STAGES) as services:
        while True:
            await asyncio.sleep(look_s)
            waiting = await _waiting(own)
            tell(waiting)
            if not waiting and all(service.ready for service in services):
                return


async def _waiting(settings: Settings) -> int:
    """Return what waits, from the first stage to the last: a record on its way is seen by one of them."""
    kafka = settings.kafka
    waiting = 0
    for stage in REBUILT_STAGES:
        found = await lags(kafka, kafka.group(stage), SOURCES[stage])
        waiting += sum(lag.waiting for lag in found.values())
    return waiting
