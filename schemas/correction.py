"""Corrections: what an editor says is so, whatever the sources say."""

from __future__ import annotations

from datetime import datetime

from schemas.base import IncidentId, Record, Subject
from schemas.reasons import CorrectionAct
from schemas.report import Count

EDITOR = "editor"
"""Stands as the source of what an editor did."""


class Correction(Record, frozen=True, kw_only=True, omit_defaults=True):
    """One act of an editor on one incident. Topic ``incident.corrections``, keyed by ``subject``.

    What an act takes, besides the incident:

    * ``merge``: ``other_id``, the incident that ends in this one.
    * ``split``: ``articles``, the reports that leave it and make an incident of their own.
    * ``figure``: ``measure`` (``killed``, ``injured``, ``casualties``) and ``count``; it outranks all sources until
      it is lifted, ``None`` means that no figure is known.
    * ``dismiss``: nothing; it alerts no more, and what was announced is cancelled.
    * ``background``: nothing; it was one, but it is no news.
    * ``lift``: ``lifts``, the act to take back (``figure`` with its ``measure``, ``dismiss``, ``background``). A merge
      is taken back by a split, and a split by a merge.

    ``correction_id`` is a hash of all that. ``at`` is when the editor decided, ``by`` who it was.
    """

    correction_id: str
    subject: Subject
    incident_id: IncidentId
    act: CorrectionAct
    by: str
    at: datetime
    note: str = ""
    other_id: IncidentId | None = None
    articles: tuple[str, ...] = ()
    measure: str | None = None
    count: Count | None = None
    lifts: CorrectionAct | None = None
