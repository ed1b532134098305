"""Pure: what is known of a feed, in words: when it was read, when it is next and why, how its last polls ended."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from monitor.feeds import rules
from monitor.feeds.feed import Feed
from schemas.feed import FeedState, FeedStatus, FetchNote, FetchResult, IntervalReason

WHY = {
    IntervalReason.DEFAULT: "the default",
    IntervalReason.CONFIGURED: "set so",
    IntervalReason.PUBLISHING_RATE: "by what it publishes",
    IntervalReason.FAST_TURNOVER: "half of its entries were new",
    IntervalReason.NOTHING_NEW: "the last polls brought nothing",
    IntervalReason.FLOOR: "not more often, out of courtesy",
    IntervalReason.SERVER_MAX_AGE: "the server's max-age",
    IntervalReason.SERVER_EXPIRES: "the server's Expires",
    IntervalReason.FEED_TTL: "the feed's own wish",
    IntervalReason.RETRY_AFTER: "the server's Retry-After",
    IntervalReason.BACK_OFF: "after failures",
    IntervalReason.PARKED: "parked: one try a day",
    IntervalReason.HUB: "its hub tells of news",
}
_MARKS = {
    FetchResult.NEWS: "N",
    FetchResult.NOTHING_NEW: ".",
    FetchResult.SAME_BODY: "=",
    FetchResult.NOT_MODIFIED: "-",
}
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def status_of(state: FeedState | None) -> FeedStatus:
    """Return a feed's status; one that was never polled is active."""
    if state is None:
        return FeedStatus.ACTIVE
    return FeedStatus.PAUSED if state.paused or state.removed else FeedStatus(state.state)


def row(feed: Feed, state: FeedState | None, now: datetime) -> tuple[str, ...]:
    """Return a feed's line in the table: name, status, last success, next poll and why, items a day, last polls."""
    name = feed.name or (state.title if state else "") or feed.url
    if state is None:
        return (name, str(FeedStatus.ACTIVE), "never", "now", "", "", "")
    following, why = next_poll(state, now)
    return (
        name,
        str(status_of(state)),
        ago(state.last_success_at, now),
        following,
        why,
        rate(state),
        marks(state.history),
    )


def next_poll(state: FeedState, now: datetime) -> tuple[str, str]:
    """Return when a feed is polled next, and why then."""
    if state.removed:
        return "never", "removed"
    if state.paused:
        return "never", "paused"
    if state.next_at is None or state.next_at <= now:
        return "now", ""
    every = f"every {length(state.interval_s)}: " if state.state == FeedStatus.ACTIVE else ""
    return f"in {length((state.next_at - now).total_seconds())}", every + why(state)


def rate(state: FeedState) -> str:
    """Return how many entries a day a feed publishes, as far as its dates tell."""
    return "unknown" if state.items_a_day is None else f"{state.items_a_day:.1f}"


def why(state: FeedState) -> str:
    """Return the reason for the interval in force, in words."""
    known = {str(reason): text for reason, text in WHY.items()}
    return known.get(state.interval_why, state.interval_why)


def marks(history: tuple[FetchNote, ...]) -> str:
    """Return one letter a poll, oldest first: N news, . nothing new, = same body, - not modified, x failed."""
    known = {str(result): mark for result, mark in _MARKS.items()}
    return "".join(known.get(note.result, "x") for note in history[-rules.HISTORY :])


def lines(feed: Feed, state: FeedState | None, now: datetime) -> tuple[str, ...]:
    """Return all that is known of a feed, a fact a line."""
    if state is None:
        return (feed.name or feed.url, f"address: {feed.url}", "never polled yet")
    following, reason = next_poll(state, now)
    outcomes = Counter(note.result for note in state.history)
    told = [
        feed.name or state.title or feed.url,
        f"address: {state.url}",
        f"asked at: {state.moved_to} (moved for good)" if state.moved_to else "",
        f"status: {status_of(state)}" + (f", {state.detail}" if state.detail else ""),
        f"failures in a row: {state.failures}" if state.failures else "",
        f"last success: {ago(state.last_success_at, now)}",
        f"next poll: {following}" + (f" ({reason})" if reason else ""),
        f"items a day: {rate(state)}",
        f"last {len(state.history)} polls: {marks(state.history)}  "
        + ", ".join(f"{count} {result}" for result, count in outcomes.most_common()),
    ]
    return tuple(line for line in told if line)


def note_row(note: FetchNote) -> tuple[str, ...]:
    """Return one poll of a history as cells."""
    return (
        note.at.strftime("%Y-%m-%d %H:%M:%S"),
        note.result,
        str(note.status or ""),
        str(note.new),
        str(note.changed),
        str(note.bytes),
        f"{note.seconds:.2f}",
        note.detail,
    )


def ago(at: datetime | None, now: datetime) -> str:
    """Return how long ago something was."""
    return "never" if at is None else f"{length((now - at).total_seconds())} ago"


def length(seconds: float) -> str:
    """Return a length of time in its largest unit, and the next one where it says more."""
    left = timedelta(seconds=max(0, round(seconds))) // timedelta(seconds=1)
    for number, (size, unit) in enumerate(_UNITS):
        if left >= size:
            smaller, name = _UNITS[min(number + 1, len(_UNITS) - 1)]
            rest = left % size // smaller
            more = f" {rest} {name}" if rest and name != unit else ""
            return f"{left // size} {unit}{more}"
    return "0 s"
