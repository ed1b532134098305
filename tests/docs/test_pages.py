"""The documentation builds without a network, its links lead somewhere, and who follows a page gets what it says."""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from walkthrough import BLOCK, ROOT, checkout, follow

from monitor.config import Config

PAGES = sorted(str(p.relative_to(ROOT / "docs")) for p in (ROOT / "docs").rglob("*.md"))
FOLLOWED = {
    "extending/sink.md": 2,
    "extending/feed-kind.md": 1,
    "extending/event-type.md": 1,
    "extending/language.md": 4,
    "receivers.md": 2,
    "operations.md": 3,
}


@pytest.fixture(scope="session")
def hooks():
    spec = importlib.util.spec_from_file_location("hooks", ROOT / "docs/hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_it_builds_and_no_link_leads_nowhere(tmp_path):
    told = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "http_proxy": "http://127.0.0.1:9",
            "https_proxy": "http://127.0.0.1:9",
        },
        check=False,
    )
    assert told.returncode == 0, told.stderr[-3000:]
    assert (tmp_path / "site/configuration.html").stat().st_size > 20_000
    # What a browser loads comes with the site.
    html = (tmp_path / "site/index.html").read_text()
    assert "fonts.googleapis" not in html
    assert 'src="http' not in html


def test_the_reference_names_every_key(hooks):
    told = hooks.configuration()
    schema = Config.model_json_schema()
    models = [schema, *(d for d in schema["$defs"].values() if d.get("type") == "object")]
    keys = {key for model in models for key in model.get("properties", {})}
    missing = {key for key in keys if f"`{key}`" not in told and f"[{key}]" not in told}
    assert missing - {"type"} == set()


def test_the_tables_of_topics_and_metrics_are_whole(hooks):
    assert hooks.topics().count("\n") > 10
    assert "`news_monitor_fetched_to_alert_seconds`" in hooks.metrics()


@pytest.mark.parametrize("page", PAGES)
def test_configuration_on_a_page_is_toml(page):
    for language, _, body in BLOCK.findall((ROOT / "docs" / page).read_text()):
        if language == "toml":
            tomllib.loads(body)


@pytest.mark.slow
@pytest.mark.parametrize("page", FOLLOWED)
def test_who_follows_the_page_gets_what_it_says(page, tmp_path):
    assert follow(page, checkout(tmp_path)) == FOLLOWED[page]


@pytest.mark.slow
def test_the_quickstart_works_but_for_what_runs_on(tmp_path):
    """`make demo` and `make run` have their own tests (tests/integration)."""
    folder = checkout(tmp_path)
    page = Path(ROOT / "docs/quickstart.md").read_text()
    assert "$ make demo" in page
    copy = folder / "quickstart.md"
    copy.write_text(
        page.replace("```console\n$ make demo\n```", "").replace("```console\n$ make run\n```", "")
    )
    assert follow(copy, folder) == 3
