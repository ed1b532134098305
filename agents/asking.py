"""Ask Kafka on behalf of a command: what it answers, or one line that says it does not."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from typing import TypeVar

from aiokafka.errors import KafkaError

from agents.settings import KafkaSettings
from monitor.errors import NotReachableError

T = TypeVar("T")


async def asked(kafka: KafkaSettings, work: Awaitable[T]) -> T:
    """Return what the work returns.

    Raises:
        NotReachableError: Kafka does not answer.
    """
    # The client's own lines tell the same three times.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        return await work
    except (KafkaError, OSError) as exc:
        servers = ", ".join(kafka.bootstrap_servers)
        why = type(exc).__name__
        msg = f"Kafka ({servers}) does not answer: is the monitor running? ({why})"
        raise NotReachableError(msg) from exc
