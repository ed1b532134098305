"""The image by the rules of hadolint, named by their numbers, which is no package of a registry that tests may use."""

import re
import shlex

import pytest
from deployed import DEPLOY, ROOT

TEXT = (DEPLOY / "Dockerfile").read_text()
LINES = [
    tuple(line.split(maxsplit=1))
    for line in re.sub(
        r"\\\n\s*", " ", re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)
    ).splitlines()
    if line.strip()
]
STAGES = [i for i, (word, _) in enumerate(LINES) if word == "FROM"]
LAST = LINES[STAGES[-1] :]


def of(word, lines=LINES):
    return [rest for instruction, rest in lines if instruction == word]


def test_it_has_two_stages_and_the_last_holds_no_tools_to_build():
    assert len(STAGES) == 2
    assert [line for line in of("COPY", LAST) if "--from=build" in line]
    assert not [line for line in of("RUN", LAST) if "pip" in line or "apt-get" in line]


@pytest.mark.parametrize("image", of("FROM"))
def test_images_are_pinned(image):
    """DL3006, DL3007: a version to the last number."""
    assert re.search(r":\d+\.\d+\.\d+-", image)


def test_it_runs_as_nobody_by_number():
    """DL3002; Kubernetes knows by a number alone that it is not root."""
    assert of("USER", LAST) == ["10001"]


def test_python_packages_are_installed_by_their_hashes_and_leave_no_cache():
    """DL3013, DL3042."""
    installs = [line for line in of("RUN") if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line or "--no-deps" in line for line in installs)
    assert "PIP_NO_CACHE_DIR=1" in " ".join(of("ENV"))


def test_instructions_are_plain():
    """DL3020, DL3025, DL3003, DL4000: no ADD, no shell around commands, no cd, no MAINTAINER."""
    assert not of("ADD") + of("MAINTAINER")
    assert all(line.startswith("[") for line in of("ENTRYPOINT") + of("CMD"))
    assert not [line for line in of("RUN") if "cd" in shlex.split(line)]
    assert all(path.startswith("/") for path in of("WORKDIR"))


def test_it_is_asked_for_its_health():
    check = of("HEALTHCHECK", LAST)[0]
    assert "/healthz" in check
    assert "CMD [" in check


def test_what_is_copied_is_there_and_secrets_of_a_checkout_are_not():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".venv"} <= set(ignored)
    for line in of("COPY"):
        if "--from" not in line:
            *sources, _ = line.split()
            assert all((ROOT / source).exists() for source in sources), line
