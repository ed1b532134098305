"""The constants of linking, figures and tallies, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackPolicy:
    """What may be set about linking; the weights of evidence are in ``weights.toml``.

    Attributes:
        age_cap: An incident takes no report published later than this after its first one, since clusters
            that stay open drift (ARCHITECTURE.md, "Which incident"). 60 days: 95 % of follow-ups in news on shootings come
            within 33 days of the first report, and a monthly review of them still finds its incident.
        hot_age: An incident leaves the hot table this long after its last report: the age cap and the 72
            hours within which reports may come out of order, and a day to spare. So do words about a class of attacks,
            which are compared for ``class_window`` only.
        disorder: Reports that come out of order by up to this give the same incidents and figures as in order (issue 5).
        novelty: An incident older than this when published is background (ARCHITECTURE.md, "Words").
        max_claims: Claims kept of an incident. Beyond it the oldest that its own source has repeated are
            dropped first. Bounds a row to about 64 KB.
        max_statements: Stances kept of an incident, one for each principal.
        max_applied: Mention ids kept in a row; more than the reports that can be read twice after a crash.
        max_candidates: Incidents compared with one claim; those that share most with it are taken.
        max_neighbours: Incidents settled anew together when a report comes out of order.
        evictions: Rows of each kind that one mention may evict, unless it makes more itself: bounds the damage that an
            article with a date in the future can do.
        class_window: A principal's words about a class of attacks are repeated, not new, within this (ARCHITECTURE.md, "Words").
        tally_since_slack: Two tallies whose starts differ by up to this are one series ("mid-October", "October 17").
        tally_age: A tally leaves the hot table this long after its last report.
    """

    age_cap: timedelta = timedelta(days=60)
    hot_age: timedelta = timedelta(days=64)
    disorder: timedelta = timedelta(hours=72)
    novelty: timedelta = timedelta(days=7)
    max_claims: int = 64
    max_statements: int = 64
    max_applied: int = 96
    max_candidates: int = 48
    max_neighbours: int = 96
    evictions: int = 4
    class_window: timedelta = timedelta(days=7)
    tally_since_slack: timedelta = timedelta(days=7)
    tally_age: timedelta = timedelta(days=400)
