"""The manifests are what Kubernetes takes, run as nobody, and carry the rules of Prometheus."""

import json
import shutil

import kubernetes_validate
import pytest
import yaml
from deployed import DEPLOY, RULES, run

from monitor.config import ENV_PREFIX, load
from monitor.sections import KafkaSection

FOLDER = DEPLOY / "kubernetes"
BASE = FOLDER / "base"
KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text())
RESOURCES = [
    resource
    for name in KUSTOMIZATION["resources"]
    for resource in yaml.safe_load_all((BASE / name).read_text())
]
OPERATOR = ("ServiceMonitor", "PrometheusRule")
DEPLOYMENTS = [r for r in RESOURCES if r["kind"] == "Deployment"]
OVERLAYS = sorted(path.name for path in (FOLDER / "overlays").iterdir())


def name_of(resource):
    return f"{resource['kind']}-{resource['metadata']['name']}"


@pytest.mark.parametrize("version", ["1.28", "1.31", "1.34"])
@pytest.mark.parametrize(
    "resource", [r for r in RESOURCES if r["kind"] not in OPERATOR], ids=name_of
)
def test_a_resource_follows_the_schema_of_kubernetes(resource, version):
    """Operators' own kinds have no schema there."""
    kubernetes_validate.validate(resource, version, strict=True)


def test_all_that_is_wanted_is_there():
    wanted = {
        *("Deployment-poller", "Deployment-worker", "PodDisruptionBudget-poller"),
        *("PodDisruptionBudget-worker", "NetworkPolicy-news-monitor"),
        *("ServiceMonitor-news-monitor", "PrometheusRule-news-monitor"),
    }
    assert wanted <= {name_of(r) for r in RESOURCES}


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=name_of)
def test_a_pod_is_restricted_and_probed(deployment):
    """Pod Security Standards, restricted; and what `news-monitor` serves."""
    pod = deployment["spec"]["template"]["spec"]
    container = pod["containers"][0]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod["terminationGracePeriodSeconds"] > 30, "a stop in good order takes up to 25 s"
    paths = {p: container[p]["httpGet"]["path"] for p in ("livenessProbe", "readinessProbe")}
    assert paths == {"livenessProbe": "/healthz", "readinessProbe": "/readyz"}
    assert container["resources"]["limits"]["memory"]


def test_selectors_find_their_pods():
    for deployment in DEPLOYMENTS:
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert deployment["spec"]["selector"]["matchLabels"].items() <= labels.items()
    components = {
        d["spec"]["template"]["metadata"]["labels"]["app.kubernetes.io/component"]
        for d in DEPLOYMENTS
    }
    for budget in (r for r in RESOURCES if r["kind"] == "PodDisruptionBudget"):
        assert (
            budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/component"] in components
        )


def test_the_operators_rules_are_prometheus_rules():
    rule = next(r for r in RESOURCES if r["kind"] == "PrometheusRule")
    assert rule["spec"]["groups"] == RULES["groups"]


def test_the_configuration_in_the_manifests_is_right():
    assert load(BASE / "news-monitor.toml").kafka.replication_factor == 3


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_patches_what_is_there_with_settings_that_exist(overlay):
    kustomization = yaml.safe_load(
        (FOLDER / "overlays" / overlay / "kustomization.yaml").read_text()
    )
    kinds = {r["kind"] for r in RESOURCES}
    for patch in kustomization["patches"]:
        assert patch["target"]["kind"] in kinds
        for step in yaml.safe_load((FOLDER / "overlays" / overlay / patch["path"]).read_text()):
            name = (step["value"] or {}).get("name", "")
            if name.startswith(ENV_PREFIX):
                assert (
                    name.removeprefix(ENV_PREFIX + "KAFKA__").lower() in KafkaSection.model_fields
                )


@pytest.mark.parametrize("folder", ["base", *(f"overlays/{name}" for name in OVERLAYS)])
def test_kustomize_builds_it_and_the_result_is_valid(folder):
    kustomize = shutil.which("kustomize")
    if kustomize is None:
        pytest.skip("kustomize is not installed on this machine")
    told = run(kustomize, "build", str(FOLDER / folder))
    assert told.returncode == 0, told.stderr
    for resource in yaml.safe_load_all(told.stdout):
        if resource["kind"] not in OPERATOR:
            kubernetes_validate.validate(json.loads(json.dumps(resource)), "1.34", strict=True)
