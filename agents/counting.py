"""Keeps a stage's books in the process's Prometheus figures."""

from __future__ import annotations

from monitor import metrics


class Counting:
    """``agents.stage.StageMetrics`` on top of ``monitor.metrics``."""

    def received(self, stage: str) -> None:
        """Count a record that entered."""
        metrics.stage_received.labels(stage).inc()
        metrics.stage_last_item.labels(stage).set_to_current_time()

    def ended(self, stage: str, outcome: str, reason: str, seconds: float) -> None:
        """Count what became of it."""
        metrics.stage_results.labels(stage, outcome, reason).inc()
        metrics.stage_seconds.labels(stage).observe(seconds)

    def decided(self, stage: str, reason: str) -> None:
        """Count one decision."""
        metrics.stage_decisions.labels(stage, reason).inc()

    def sent(self, stage: str, count: int) -> None:
        """Count records that were sent on."""
        metrics.stage_sent.labels(stage).inc(count)
