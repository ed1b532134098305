"""What stays in a row when it is full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from schemas.state import Claim

T = TypeVar("T")


def keep_last(items: Sequence[T], limit: int) -> tuple[T, ...]:
    """Return the last items, at most ``limit``."""
    return tuple(items[-limit:])


def keep_claims(claims: Sequence[Claim], limit: int) -> tuple[Claim, ...]:
    """Return at most ``limit`` claims, in order: the first one, and those that their source has not repeated since.

    What goes first is a claim whose source has a later one, the oldest first; then the oldest.
    """
    kept = list(claims)
    while len(kept) > limit:
        latest = {claim.origin: n for n, claim in enumerate(kept)}
        repeated = [n for n, c in enumerate(kept) if n and latest[c.origin] != n]
        del kept[repeated[0] if repeated else 1]
    return tuple(kept)
