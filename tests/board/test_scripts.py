"""The page's scripts: typed, in both languages alike, and without a way for words to become markup."""

import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

WEB = resources.files("monitor.board") / "web"
SCRIPTS = {file.name: file.read_text() for file in WEB.iterdir() if file.name.endswith(".js")}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tsc") is None, reason="TypeScript's tsc is not on the path")
def test_the_types_in_the_comments_hold():
    config = Path(__file__).with_name("tsconfig.json")
    checked = subprocess.run(["tsc", "-p", config], capture_output=True, timeout=120, check=False)
    assert checked.stdout.decode() == ""


def keys(table, language):
    """The keys of one language in a table of ``words.js``."""
    body = re.search(rf"const {table} = \{{\n(.*?)\n\}};", SCRIPTS["words.js"], re.DOTALL)[1]
    own = re.search(rf"^  {language}: \{{\n(.*?)\n  \}},", body, re.DOTALL | re.MULTILINE)[1]
    return set(re.findall(r"(\w+): \"", own))


def test_both_languages_have_every_word():
    assert keys("WORDS", "en") == keys("WORDS", "ar")
    assert keys("TERMS", "en") <= keys("TERMS", "ar")


def test_every_word_that_is_asked_for_is_there():
    asked = {word for text in SCRIPTS.values() for word in re.findall(r"\bt\(\"(\w+)\"", text)}
    assert asked <= keys("WORDS", "en")


@pytest.mark.parametrize("name", SCRIPTS)
def test_nothing_is_parsed_as_markup_or_run_as_code(name):
    """Words of feeds are hostile. The CSP would stop most of this; it must not come to that."""
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser"
    )
    assert re.findall(forbidden, SCRIPTS[name]) == []


def test_every_script_asks_to_be_checked():
    assert all(text.startswith("// @ts-check\n") for text in SCRIPTS.values())
