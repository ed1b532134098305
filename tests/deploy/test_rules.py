"""The rules of Prometheus: valid, tested one by one, explained in the runbook, about metrics that exist."""

import pytest
import yaml
from deployed import ALERTS, ALL_RULES, DEPLOY, run, tool, unknown, unknown_labels
from prometheus_client import REGISTRY, generate_latest

from monitor import metrics

CASES = yaml.safe_load((DEPLOY / "prometheus/rules.test.yml").read_text())["tests"]
RUNBOOK = (DEPLOY / "RUNBOOK.md").read_text()
WANTED = """HeartbeatStale SlowAlerts NoNewArticles FeedsFailing HostRateLimited ConsumerLagGrowing CommitStalled
Quarantined WebhookFailing WebhookBacklog EndpointDisabled UnconditionalPolling AddressRefused DiskSpace CrashLooping
ReloadFailed ClockSkew""".split()


def name_of(rule):
    return rule.get("alert") or rule["record"]


@pytest.mark.parametrize("rule", ALL_RULES, ids=name_of)
def test_a_rule_uses_metrics_and_labels_that_exist(rule):
    assert unknown(rule["expr"]) == set()
    assert unknown_labels(rule["expr"]) == set()


@pytest.mark.parametrize("name", sorted({*WANTED, *ALERTS}))
def test_an_alert_has_a_heading_in_the_runbook(name):
    rule = ALERTS[name]
    assert f"\n## {name}\n\n" in RUNBOOK
    assert rule["annotations"]["runbook"].endswith("#" + name.lower())
    assert rule["labels"]["severity"] in {"critical", "warning"}


def test_the_runbook_speaks_of_no_alert_that_is_gone():
    headings = {line.removeprefix("## ") for line in RUNBOOK.splitlines() if line[:3] == "## "}
    assert headings == set(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_an_alert_has_a_case_that_raises_it_and_is_silent_on_a_good_day(name):
    raised = {
        told["alertname"]
        for case in CASES
        for told in case.get("alert_rule_test", ())
        if told.get("exp_alerts")
    }
    well = next(case for case in CASES if case["name"] == "all is well")
    silent = {told["alertname"] for told in well["alert_rule_test"] if "exp_alerts" not in told}
    assert name in raised
    assert name in silent


def test_promtool_takes_the_rules_and_the_scrape_configuration():
    promtool = tool("promtool")
    for argv in (
        ("check", "rules", "prometheus/rules.yml"),
        ("check", "config", "prometheus/prometheus.yml"),
    ):
        told = run(promtool, *argv)
        assert told.returncode == 0, told.stdout + told.stderr


def test_promtool_finds_each_rule_to_do_what_its_case_says():
    told = run(tool("promtool"), "test", "rules", "prometheus/rules.test.yml")
    assert told.returncode == 0, told.stdout + told.stderr


def test_amtool_takes_the_configuration_of_alertmanager():
    told = run(tool("amtool"), "check-config", "alertmanager/alertmanager.yml")
    assert told.returncode == 0, told.stdout + told.stderr


def test_what_is_exposed_is_named_as_prometheus_wants_it():
    metrics.initialise("test")
    metrics.initialise_sinks(("desk",))
    exposed = generate_latest(REGISTRY).decode()
    own = "\n".join(line for line in exposed.splitlines() if metrics.PREFIX in line) + "\n"
    told = run(tool("promtool"), "check", "metrics", stdin=own)
    assert (told.returncode, told.stdout, told.stderr) == (0, "", "")
