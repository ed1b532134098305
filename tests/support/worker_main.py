"""A worker as a process of its own, for tests that kill it: ``python worker_main.py SETTINGS.json``."""

import asyncio
import json
import sys
from pathlib import Path

import faults
import tiny_stage
from quick_extract import ApartPool, QuickPool

from agents import extract, worker
from agents.settings import ExtractSettings, KafkaSettings, Settings
from agents.stopping import run_until_signal
from monitor import logs
from monitor.alerts.policy import REPLAY, AlertPolicy
from monitor.sinks.webhook import WebhookConfig
from monitor.stage import STAGES


def settings_of(given):
    return Settings(
        kafka=KafkaSettings(
            bootstrap_servers=(given["bootstrap"],), topic_prefix=given.get("prefix", "")
        ),
        state_dir=Path(given["state_dir"]),
        session_timeout_s=given.get("session_timeout_s", 3.0),
        commit_interval_s=given.get("commit_interval_s", 0.2),
        alert=AlertPolicy(cold_start=False) if given.get("stale") else REPLAY,
        sinks=tuple(WebhookConfig(**sink) for sink in given.get("sinks", ())),
        stall_after_s=given.get("stall_after_s", 300),
        extract=ExtractSettings(
            workers=given.get("extract_workers", 1),
            deadline_s=given.get("deadline_s", 20.0),
            memory_bytes=given.get("memory_mb", 1536) << 20,
        ),
        http_port=given.get("http_port"),
    )


def main():
    given = json.loads(Path(sys.argv[1]).read_text())
    logs.configure("INFO", "json")
    stages = given.get("stages", STAGES)
    if given.get("tiny"):
        worker.make_services = lambda tools, _: [tiny_stage.build(tools)]
    if given.get("quick"):
        extract.make_pool = QuickPool
    if given.get("apart"):
        extract.make_pool = ApartPool
    for fault in given.get("faults", ()):
        faults.BY_NAME[fault](given)
    asyncio.run(run_until_signal(worker.working(settings_of(given), stages)))


if __name__ == "__main__":
    main()
