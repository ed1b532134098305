"""The base of all records, and the names of ids that must not be swapped.

Records are ``msgspec.Struct`` and not dataclasses: the same frozen, slotted, keyword-only shape,
decoded with strict types by one library, and with JSON names such as ``from`` that Python reserves.
"""

from __future__ import annotations

from typing import NewType

import msgspec

ArticleId = NewType("ArticleId", str)
IncidentId = NewType("IncidentId", str)
TallyId = NewType("TallyId", str)
AlertId = NewType("AlertId", str)
ClusterId = NewType("ClusterId", str)
Subject = NewType("Subject", str)
"""What a record is about, and its Kafka key: ``country:IQ``, ``tally:<series>``, ``class:<principal>``."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record that travels. Subclasses repeat ``frozen=True, kw_only=True``; containers are tuples."""
