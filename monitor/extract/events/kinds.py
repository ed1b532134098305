"""Decide whether an incident is a strike or an attack (DESIGN, section 2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.reasons import EventType, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.extract.facts import Actor

FROM_AFAR = frozenset({EventType.AIR_STRIKE, EventType.DRONE_STRIKE, EventType.SHELLING_MISSILE})


def kind(event_type: EventType, perpetrators: Sequence[Actor], *, air: bool) -> Kind:
    """Return the kind: violence from afar by a state's forces is a strike, with no actor what aircraft did is one.

    `air` says that the text calls it an air strike.
    """
    if event_type not in FROM_AFAR:
        return Kind.ATTACK
    if perpetrators:
        return Kind.STRIKE if any(actor.state for actor in perpetrators) else Kind.ATTACK
    return Kind.STRIKE if event_type is EventType.AIR_STRIKE or air else Kind.ATTACK
