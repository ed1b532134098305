"""Ids that are the same on every replay, restart and machine: hashes of what they name."""

from __future__ import annotations

import hashlib

from schemas.base import IncidentId, Subject, TallyId

_SIZE = 10
"""Bytes of a digest: at 1 million ids, the chance that two of one kind meet is below 1e-12."""


def digest(*parts: str) -> str:
    """Return a short hash of the parts, which differs wherever a part or a boundary between parts does."""
    joined = "\x1f".join(part.replace("\x1f", " ") for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=_SIZE).hexdigest()


def mention_id(article_id: str, revision_hash: str, subject: Subject) -> str:
    """Return the id of what one version of an article says of a subject."""
    return "men-" + digest(article_id, revision_hash, subject)


def incident_id(article_id: str, ordinal: int) -> IncidentId:
    """Return the id of the incident that an article first made known (ARCHITECTURE.md, "Ids and time")."""
    return IncidentId("inc-" + digest(article_id, str(ordinal)))


def tally_id(subject: Subject, article_id: str, series: str) -> TallyId:
    """Return the id of the tally that an article first gave."""
    return TallyId("tal-" + digest(subject, article_id, series))


def delta_id(mention: str, about: str, measure: str, detail: str) -> str:
    """Return the id of a change: one mention changes a measure of one thing in one way once."""
    return "del-" + digest(mention, about, measure, detail)
