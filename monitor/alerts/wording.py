"""The words of alerts in each language: data in ``monitor/alerts/texts``, one file a language.

To add a language: copy ``en.toml`` under the language's code (BCP 47) and translate what stands right of the signs.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

DEFAULT = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words of one language by section and key."""

    language: str
    sections: dict[str, dict[str, str]]

    def say(self, section: str, key: str, **words: Any) -> str:
        """Return a phrase with its words (values of any type that has a text) filled in."""
        return self.sections[section][key].format(**words)

    def word(self, section: str, key: str) -> str:
        """Return what is said for a value of a closed set; the value itself where the language has no word for it."""
        return self.sections[section].get(key, key)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are texts in, sorted."""
    names = (f.name for f in (resources.files(__package__) / "texts").iterdir())
    return tuple(sorted(n.removesuffix(".toml") for n in names if n.endswith(".toml")))


@cache
def wording(language: str = DEFAULT) -> Wording:
    """Return the words of a language.

    Raises:
        FileNotFoundError: there are none; ``languages`` tells those that there are.
    """
    text = (resources.files(__package__) / "texts" / f"{language}.toml").read_text(encoding="utf-8")
    return Wording(language=language, sections=tomllib.loads(text))
