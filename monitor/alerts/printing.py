"""Words of sources made fit for where they are written: they are hostile until then."""

from __future__ import annotations

import re

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, section 2.2, production 2)."""


def printable(text: str) -> str:
    """Return the text without characters that could steer a terminal, on one line."""
    return "".join(c if c.isprintable() else " " for c in text)


def for_xml(text: str) -> str:
    """Return the text without characters that XML cannot hold."""
    return _NOT_XML.sub(" ", text)
