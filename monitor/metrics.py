"""All figures that the monitor exposes: names, help, labels. Prometheus naming, base units, closed label sets.

What enters a stage leaves it (``passed``), is dropped with a reason, or is quarantined:
``stage_received = stage_results`` summed over outcomes, for each stage. No label is ever a URL, a title or an id:
labels are stages, reasons (StrEnum), countries (ISO 3166-1), topics of the cards, and the names that the operator
gave to sinks.

Many processes of one machine share a folder (``PROMETHEUS_MULTIPROC_DIR``) and are scraped once. How a gauge of
many processes becomes one is its ``multiprocess_mode``; modes that begin with ``live`` leave dead processes out. A
process has every figure without labels from its start, as 0: what only some of them measure is ``livemostrecent``.
"""

from __future__ import annotations

import platform
import shutil
import time
from collections import Counter as Counts
from importlib.metadata import version
from pathlib import Path

from prometheus_client import Counter, Gauge, Histogram

from monitor.stage import STAGES
from schemas.feed import FeedStatus, FetchResult
from schemas.reasons import Attempt, Outcome, Silence

PREFIX = "news_monitor_"
COUNTED = ("poll", *STAGES, "deliveries")
"""What has figures of a stage: deliver has them for each of the two topics that it reads."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LATENCY_SECONDS = (0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 300, 900, 3600, 21_600, 86_400)
WAIT_SECONDS = (0.01, 0.1, 1, 5, 10, 30, 60, 300, 900, 3600)

# What runs.

build = Gauge(
    PREFIX + "build_info",
    "Always 1; the labels tell what runs.",
    ["version", "python"],
    multiprocess_mode="livemax",
)
model = Gauge(
    PREFIX + "extract_model_info",
    "Always 1; the label tells the version of the language model.",
    ["version"],
    multiprocess_mode="livemax",
)
config_read = Gauge(
    PREFIX + "config_last_reload_successful",
    "1 where the configuration that was read last is in force, 0 where it is wrong and the old one goes on.",
    multiprocess_mode="livemin",
)
process_started = Gauge(
    PREFIX + "process_start_time_seconds",
    "When the latest process of a kind began.",
    ["process"],
    multiprocess_mode="max",
)
process_memory = Gauge(
    PREFIX + "process_resident_memory_bytes",
    "Resident memory of processes of a kind, their children included.",
    ["process"],
    multiprocess_mode="livesum",
)
disk_free = Gauge(
    PREFIX + "disk_free_bytes",
    "Free space where the state directory is.",
    multiprocess_mode="livemostrecent",
)
disk_size = Gauge(
    PREFIX + "disk_size_bytes",
    "Size of the file system where the state directory is.",
    multiprocess_mode="livemostrecent",
)
topic_disk = Gauge(
    PREFIX + "topic_disk_bytes",
    "Disk space of a topic in the local Kafka.",
    ["topic"],
    multiprocess_mode="livemax",
)

# Stages.

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
stage_in_progress = Gauge(
    PREFIX + "stage_in_progress",
    "Records that a stage has taken and not yet finished.",
    ["stage"],
    multiprocess_mode="livesum",
)
stage_last_item = Gauge(
    PREFIX + "stage_last_item_timestamp_seconds",
    "When a stage last took a record.",
    ["stage"],
    multiprocess_mode="max",
)
state_rows = Gauge(
    PREFIX + "state_rows",
    "Rows that a stage holds in memory: fingerprints, incidents and tallies, announcements, deliveries.",
    ["stage"],
    multiprocess_mode="livesum",
)
state_bytes = Gauge(
    PREFIX + "state_bytes",
    "Memory of a stage's rows, where the stage can tell it.",
    ["stage"],
    multiprocess_mode="livesum",
)

# The whole way.

published_to_fetched = Histogram(
    PREFIX + "published_to_fetched_seconds",
    "From an article's publication to its fetch.",
    buckets=LATENCY_SECONDS,
)
fetched_to_alert = Histogram(
    PREFIX + "fetched_to_alert_seconds",
    "From the fetch of an article to its alert.",
    buckets=LATENCY_SECONDS,
)
heartbeats_sent = Counter(
    PREFIX + "heartbeats_sent_total", "Heartbeat articles that the poller sent."
)
heartbeat_sent = Gauge(
    PREFIX + "heartbeat_last_sent_timestamp_seconds",
    "When the last heartbeat article was sent.",
    multiprocess_mode="max",
)
heartbeat_arrived = Gauge(
    PREFIX + "heartbeat_last_arrival_timestamp_seconds",
    "When the alert stage last saw a heartbeat, by partition of the deltas.",
    ["partition"],
    multiprocess_mode="max",
)
heartbeat_seconds = Histogram(
    PREFIX + "heartbeat_duration_seconds",
    "From the sending of a heartbeat to its arrival at the alert stage.",
    buckets=LATENCY_SECONDS,
)

# Polling.

fetches = Counter(PREFIX + "poll_fetches_total", "Fetches of feeds by result.", ["result"])
fetch_seconds = Histogram(
    PREFIX + "poll_fetch_duration_seconds",
    "Time of one fetch of a feed, waiting for the host's turn included.",
    buckets=WAIT_SECONDS,
)
fetched_bytes = Counter(PREFIX + "poll_fetched_bytes_total", "Bytes of feeds' bodies.")
requests = Counter(
    PREFIX + "poll_requests_total",
    "Requests for feeds by whether they were conditional (with the server's validators).",
    ["conditional"],
)
host_wait = Histogram(
    PREFIX + "poll_host_wait_seconds",
    "How long a fetch waited for its host's turn.",
    buckets=WAIT_SECONDS,
)
poll_late = Histogram(
    PREFIX + "poll_late_seconds",
    "How long after its time a feed was polled.",
    buckets=WAIT_SECONDS,
)
last_fetch = Gauge(
    PREFIX + "poll_last_fetch_timestamp_seconds",
    "When a feed was last fetched, whatever came of it.",
    multiprocess_mode="max",
)
overdue = Gauge(
    PREFIX + "poll_most_overdue_seconds",
    "How long the feed that waits longest for its poll is past its time; 0 with none overdue.",
    multiprocess_mode="livemax",
)
entries = Counter(PREFIX + "poll_entries_total", "Entries of feeds by what they were.", ["outcome"])
feeds_by_state = Gauge(
    PREFIX + "poll_feeds", "Feeds by state.", ["state"], multiprocess_mode="livesum"
)
clock_skew = Gauge(
    PREFIX + "poll_clock_skew_seconds",
    "Median of how far the clocks of the latest servers are ahead of this machine's.",
    multiprocess_mode="livemostrecent",
)

# What was found.

outcomes = Counter(
    PREFIX + "dedupe_outcomes_total", "Articles by what dedupe said of them.", ["outcome"]
)
incidents_open = Gauge(
    PREFIX + "incidents_open",
    "Incidents that may still change.",
    multiprocess_mode="livesum",
)
incidents = Counter(PREFIX + "incidents_total", "Incidents that became known.", ["country", "kind"])
deltas = Counter(PREFIX + "deltas_total", "Changes of what is known, by reason.", ["reason"])
reported = Counter(
    PREFIX + "reported_people_total",
    "People reported killed or injured by how the best figure moved; raised less lowered is what is known.",
    ["country", "measure", "direction"],
)
alerts = Counter(PREFIX + "alerts_total", "Alerts that were decided.", ["kind", "country"])
silences = Counter(PREFIX + "silences_total", "Decisions to tell nobody, by reason.", ["reason"])

# Delivery.

attempts = Counter(
    PREFIX + "delivery_attempts_total",
    "Attempts to deliver by sink and outcome.",
    ["sink", "outcome"],
)
attempt_seconds = Histogram(
    PREFIX + "delivery_attempt_duration_seconds",
    "Time of one attempt to deliver.",
    ["sink"],
    buckets=SECONDS,
)
first_attempt = Histogram(
    PREFIX + "delivery_first_attempt_seconds",
    "From an alert's taking up for a sink, or the end of its being held, to its first attempt.",
    ["sink"],
    buckets=SECONDS,
)
sink_disabled = Gauge(
    PREFIX + "sink_disabled",
    "1 where a sink is disabled and gets nothing until somebody enables it.",
    ["sink"],
    multiprocess_mode="livemax",
)
held = Gauge(
    PREFIX + "deliveries_held",
    "Deliveries that wait for a time that the receiver chose; they are among the pending ones.",
    ["sink"],
    multiprocess_mode="livesum",
)
pending = Gauge(
    PREFIX + "deliveries_pending", "Deliveries that wait.", ["sink"], multiprocess_mode="livesum"
)
oldest_pending = Gauge(
    PREFIX + "deliveries_oldest_pending_seconds",
    "Age of the oldest waiting delivery; 0 with none.",
    ["sink"],
    multiprocess_mode="livemax",
)

# Kafka.

lag = Gauge(
    PREFIX + "consumer_lag_records",
    "Records that a stage has still to read.",
    ["topic"],
    multiprocess_mode="livesum",
)
last_progress = Gauge(
    PREFIX + "consumer_last_progress_timestamp_seconds",
    "When a stage last committed an offset, or had nothing to read.",
    ["stage"],
    multiprocess_mode="livemin",
)
rebalances = Counter(
    PREFIX + "consumer_rebalances_total", "Times that a stage was dealt its partitions.", ["stage"]
)
end_offset = Gauge(
    PREFIX + "topic_end_offset",
    "Sum of the end offsets of a stage's partitions of a topic: it rises with each record written.",
    ["topic"],
    multiprocess_mode="livesum",
)

# The board.

board_caught_up = Gauge(
    PREFIX + "board_last_caught_up_timestamp_seconds",
    "When the board's view last held all that is in Kafka.",
    multiprocess_mode="max",
)
board_answers = Counter(
    PREFIX + "board_responses_total",
    "Answers of the board's web server.",
    ["status"],
)
BOARD_STATUSES = ("2xx", "3xx", "4xx", "5xx")


def initialise(process: str = "command") -> None:
    """Set known label sets to zero, so that a rate is there before the first event."""
    build.labels(version("news-monitor"), platform.python_version()).set(1)
    process_started.labels(process).set(time.time())
    config_read.set(1)
    for status in BOARD_STATUSES:
        board_answers.labels(status)
    for stage in COUNTED:
        stage_received.labels(stage)
        stage_sent.labels(stage)
        for outcome in ("passed", "dropped", "quarantined"):
            stage_results.labels(stage, outcome, "")
    known = (
        (fetches, FetchResult),
        (feeds_by_state, FeedStatus),
        (outcomes, Outcome),
        (silences, Silence),
    )
    for figure, labels in known:
        for label in labels:
            figure.labels(label)


def initialise_sinks(sinks: tuple[str, ...]) -> None:
    """Do the same for the configured sinks."""
    for sink in sinks:
        pending.labels(sink)
        held.labels(sink)
        oldest_pending.labels(sink)
        first_attempt.labels(sink)
        sink_disabled.labels(sink)
        for outcome in Attempt:
            attempts.labels(sink, outcome)


def retire_sink(sink: str) -> None:
    """Have nothing wait for a sink that is gone: processes that share figures cannot take a label out."""
    for figure in (pending, held, oldest_pending, sink_disabled):
        figure.labels(sink).set(0)


def measure_disk(folder: Path) -> None:
    """Set what is free where a folder is or will be."""
    usage = shutil.disk_usage(_existing(folder))
    disk_free.set(usage.free)
    disk_size.set(usage.total)


def free_bytes(folder: Path) -> int:
    """Return what is free where a folder is or will be."""
    return shutil.disk_usage(_existing(folder)).free


def _existing(folder: Path) -> Path:
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())


def measure_topics(data: Path) -> None:
    """Set the disk space of each topic in the data directory of a local Kafka: a folder for each partition."""
    found: Counts[str] = Counts()
    for folder in data.glob("*-[0-9]*"):
        topic = folder.name.rpartition("-")[0]
        found[topic] += sum(_size(file) for file in folder.iterdir())
    for topic, size in found.items():
        topic_disk.labels(topic).set(size)


def _size(file: Path) -> int:
    """Return the bytes of a file, 0 where Kafka has just deleted it. Blocks count: its indexes are sparse."""
    try:
        return file.stat().st_blocks * 512
    except OSError:
        return 0
