"""All figures that the monitor exposes: names, help, labels. Prometheus naming, base units, closed label sets.

What enters a stage leaves it (``passed``), is dropped with a reason, or is quarantined:
``stage_received = stage_results`` summed over outcomes, for each stage. No label is ever a URL, a title or an id.
"""

from __future__ import annotations

from importlib.metadata import version

from prometheus_client import Counter, Gauge, Histogram

PREFIX = "news_monitor_"
STAGES = ("poll", "dedupe", "extract", "track", "alert", "deliver")
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LATENCY_SECONDS = (0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 21_600, 86_400)

stage_received = Counter(
    PREFIX + "stage_received_total", "Records that entered a stage.", ["stage"]
)
stage_results = Counter(
    PREFIX + "stage_results_total",
    "What became of the records that entered a stage: passed, dropped or quarantined, and why.",
    ["stage", "outcome", "reason"],
)
stage_sent = Counter(PREFIX + "stage_sent_total", "Records that a stage sent on.", ["stage"])
stage_decisions = Counter(
    PREFIX + "stage_decisions_total",
    "Single decisions of a stage by reason; one record may bring several.",
    ["stage", "reason"],
)
stage_seconds = Histogram(
    PREFIX + "stage_duration_seconds",
    "Time a stage spent on one record.",
    ["stage"],
    buckets=SECONDS,
)
stage_last_item = Gauge(
    PREFIX + "stage_last_item_timestamp_seconds",
    "When a stage last took a record.",
    ["stage"],
    multiprocess_mode="max",
)
published_to_fetched = Histogram(
    PREFIX + "published_to_fetched_seconds",
    "From an article's publication to its fetch.",
    buckets=LATENCY_SECONDS,
)
fetched_to_alert = Histogram(
    PREFIX + "fetched_to_alert_seconds",
    "From the fetch of an article to its first alert.",
    buckets=LATENCY_SECONDS,
)
fetches = Counter(PREFIX + "poll_fetches_total", "Fetches of feeds by result.", ["result"])
entries = Counter(PREFIX + "poll_entries_total", "Entries of feeds by what they were.", ["outcome"])
feeds_by_state = Gauge(
    PREFIX + "poll_feeds", "Feeds by state.", ["state"], multiprocess_mode="livesum"
)
attempts = Counter(
    PREFIX + "delivery_attempts_total",
    "Attempts to deliver by sink and outcome.",
    ["sink", "outcome"],
)
pending = Gauge(
    PREFIX + "deliveries_pending", "Deliveries that wait.", ["sink"], multiprocess_mode="livesum"
)
oldest_pending = Gauge(
    PREFIX + "deliveries_oldest_pending_timestamp_seconds",
    "When the oldest waiting delivery was made; 0 with none.",
    ["sink"],
    multiprocess_mode="livemax",
)
lag = Gauge(
    PREFIX + "consumer_lag_records",
    "Records that a stage has still to read.",
    ["topic"],
    multiprocess_mode="livesum",
)
build = Gauge(
    PREFIX + "build_info",
    "Always 1; the labels tell what runs.",
    ["version"],
    multiprocess_mode="livemax",
)


def initialise() -> None:
    """Set known label sets to zero, so that a rate is there before the first event."""
    build.labels(version("news-monitor")).set(1)
    for stage in STAGES:
        stage_received.labels(stage)
        stage_sent.labels(stage)
        for outcome in ("passed", "dropped", "quarantined"):
            stage_results.labels(stage, outcome, "")
