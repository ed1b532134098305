"""How far two places lie apart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.report import Place

EARTH_KM = 6371.0
"""Mean radius (IUGG)."""


def distance_km(a: Place, b: Place) -> float | None:
    """Return the distance of two places, ``None`` where one has no point.

    On a plane that touches the earth between them: exact to a hundredth for a few hundred kilometres, which is as far as
    anybody asks; farther places are far all the same.
    """
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    south, north = math.radians(a.lat), math.radians(b.lat)
    # The shorter way round: the date line is no edge.
    east = math.radians((b.lon - a.lon + 180) % 360 - 180)
    return EARTH_KM * math.hypot(east * math.cos((south + north) / 2), north - south)


def is_within(a: Place, b: Place, km: float) -> bool:
    """Return whether two places are known to lie so near to each other."""
    apart = distance_km(a, b)
    return apart is not None and apart <= km
