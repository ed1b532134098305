"""The dashboards: every query is PromQL about metrics that exist, and the rules of Grafana's dashboard linter hold.

The linter (grafana/dashboard-linter) is no package of a registry that tests may use; its rules are here by their names.
"""

import json
import re

import pytest
import yaml
from deployed import DEPLOY, ROOT, metrics, run, tool, unknown, unknown_labels

BOARDS = {
    path.stem: json.loads(path.read_text())
    for path in sorted((DEPLOY / "grafana/dashboards").glob("*.json"))
}
PANELS = [
    pytest.param(name, panel, id=f"{name}-{panel['title']}")
    for name, board in BOARDS.items()
    for panel in board["panels"]
    if panel["type"] != "row"
]
VARIABLES = {
    "$__rate_interval": "5m",
    "$__interval": "5m",
    "$__range": "24h",
    "$job": "news-monitor",
    "$instance": ".+",
}
BASE_UNITS = {"s", "bytes", "Bps", "percentunit", "short", "none", "ops", "reqps"}


def plain(expression):
    """The query as Grafana sends it."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression, expression
    return expression


def queries(name):
    panels = [p for p in BOARDS[name]["panels"] if p["type"] != "row"]
    return [plain(target["expr"]) for panel in panels for target in panel["targets"]]


def test_the_four_dashboards_are_there_and_provisioned():
    assert set(BOARDS) == {"overview", "sources", "pipeline", "delivery"}
    assert len({board["uid"] for board in BOARDS.values()}) == 4
    provider = yaml.safe_load(
        (DEPLOY / "grafana/provisioning/dashboards/news-monitor.yml").read_text()
    )["providers"][0]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    mounts = [m.split(":") for m in compose["services"]["grafana"]["volumes"]]
    assert ["./deploy/grafana/dashboards", provider["options"]["path"], "ro"] in mounts


@pytest.mark.parametrize("name", BOARDS)
def test_template_datasource_job_and_instance_rules(name):
    """template-datasource-rule, template-job-rule, template-instance-rule, template-label-promql-rule."""
    variables = {v["name"]: v for v in BOARDS[name]["templating"]["list"]}
    assert variables["datasource"]["type"] == "datasource"
    assert variables["datasource"]["label"] == "Data source"
    for variable in ("job", "instance"):
        given = variables[variable]
        assert given["datasource"]["uid"] == "${datasource}"
        assert given["multi"] is True
        assert given["allValue"] == ".+"
        assert unknown(given["query"]["query"]) == set()


@pytest.mark.parametrize("name", BOARDS)
def test_panels_lie_in_the_grid_and_none_over_another(name):
    taken = set()
    for panel in BOARDS[name]["panels"]:
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert all(x < 24 for x, _ in cells), panel["title"]
        assert not cells & taken, panel["title"]
        taken |= cells
    ids = [panel["id"] for panel in BOARDS[name]["panels"]]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(("name", "panel"), PANELS)
def test_a_panel_is_told_in_words_and_units(name, panel):
    """panel-title-description-rule, panel-units-rule, panel-no-targets-rule."""
    assert panel["title"]
    assert panel["description"].endswith((".", "codes."))
    assert panel["fieldConfig"]["defaults"]["unit"] in BASE_UNITS
    assert panel["targets"]
    for target in panel["targets"]:
        if "_seconds" in target["expr"] and "histogram_quantile" in target["expr"]:
            assert panel["fieldConfig"]["defaults"]["unit"] == "s"


@pytest.mark.parametrize(("name", "panel"), PANELS)
def test_a_panel_asks_the_chosen_source_about_metrics_and_labels_that_exist(name, panel):
    """panel-datasource-rule, target-job-rule, target-instance-rule, and no instance written down."""
    assert panel["datasource"]["uid"] == "${datasource}"
    for target in panel["targets"]:
        expression = target["expr"]
        assert target["datasource"]["uid"] == "${datasource}"
        assert target["legendFormat"]
        assert unknown(expression) == set()
        assert unknown_labels(expression) == set()
        for matchers in re.findall(r"news_monitor_[a-z_]+(\{[^}]*\})?", expression):
            assert 'job=~"$job"' in matchers
            assert 'instance=~"$instance"' in matchers


@pytest.mark.parametrize(("name", "panel"), PANELS)
def test_counters_are_asked_for_their_rate_and_no_interval_is_written_down(name, panel):
    """target-counter-agg-rule, target-rate-interval-rule."""
    counters = {metric for metric in metrics() if metric.endswith(("_total", "_bucket", "_count"))}
    for target in panel["targets"]:
        for called, metric, interval in re.findall(
            r"(\w+)\((news_monitor_\w+)\{[^}]*\}(\[[^\]]*\])?", target["expr"]
        ):
            if metric in counters:
                assert called in {"rate", "increase"}, target["expr"]
                assert interval in {"[$__rate_interval]", "[$__interval]", "[$__range]"}


@pytest.mark.parametrize("name", BOARDS)
def test_promtool_takes_every_query(name, tmp_path):
    promtool = tool("promtool")
    rules = [
        {"record": f"panel:query:number{n}", "expr": expression}
        for n, expression in enumerate(queries(name))
    ]
    path = tmp_path / "rules.yml"
    path.write_text(yaml.safe_dump({"groups": [{"name": name, "rules": rules}]}))
    told = run(promtool, "check", "rules", str(path))
    assert told.returncode == 0, told.stdout + told.stderr


def test_each_metric_is_seen_somewhere():
    """A figure that no panel and no rule uses is one that nobody would miss."""
    rules = (DEPLOY / "prometheus/rules.yml").read_text()
    used = rules + " ".join(e for name in BOARDS for e in queries(name))
    families = {re.sub(r"_(bucket|sum|count)$", "", m) for m in metrics() if ":" not in m}
    assert {f for f in families if f not in used} == set()
