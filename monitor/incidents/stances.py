"""What stances come to: some say one thing in other words."""

from __future__ import annotations

from schemas.reasons import Stance

CONDEMNING = frozenset({Stance.CONDEMN, Stance.DENOUNCE, Stance.REJECT})
"""Stances that say one thing: whoever condemned an attack does not condemn it anew by rejecting it."""


def group(stance: Stance) -> str:
    """Return what a stance comes to: all that condemn are one."""
    return "condemning" if stance in CONDEMNING else stance
