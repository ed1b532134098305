"""Markup that runs something, written in many ways, goes through the cleaner of feeds and pages as text alone.

Twenty-seven ways to run a script, each under thirty-one disguises: 837 cases. ``CANARY`` stands where only a browser
would look: in scripts, in attributes, in addresses. What a reader of the page would see may stay; that may not.
"""

import html
import itertools
import re

import pytest

from monitor.articles.text import one_line, plain

CANARY = "canary7()"
WAYS = {
    "script": f"<script>{CANARY}</script>",
    "script with a source": f'<script src="https://evil.example/{CANARY}"></script>',
    "module": f"<script type=module>{CANARY}</script>",
    "image": f'<img src=x onerror="{CANARY}">',
    "image, no quotes": f"<img src=x onerror={CANARY}>",
    "svg": f'<svg onload="{CANARY}"></svg>',
    "svg script": f"<svg><script>{CANARY}</script></svg>",
    "svg animate": f'<svg><animate onbegin="{CANARY}" attributeName=x dur=1s></svg>',
    "math": f'<math><maction actiontype="statusline#{CANARY}">x</maction></math>',
    "link": f'<a href="javascript:{CANARY}">read</a>',
    "link, spaced": f'<a href="  java\tscript:{CANARY}">read</a>',
    "data address": f'<a href="data:text/html,{CANARY}">read</a>',
    "frame": f'<iframe src="javascript:{CANARY}"></iframe>',
    "frame document": f'<iframe srcdoc="<b onclick={CANARY}>">x</iframe>',
    "object": f'<object data="javascript:{CANARY}"></object>',
    "embed": f'<embed src="javascript:{CANARY}">',
    "body": f'<body onload="{CANARY}">text</body>',
    "input": f'<input autofocus onfocus="{CANARY}">',
    "details": f'<details open ontoggle="{CANARY}">text</details>',
    "video": f'<video><source onerror="{CANARY}"></video>',
    "marquee": f'<marquee onstart="{CANARY}">text</marquee>',
    "style": f"<style>@import '{CANARY}';</style>",
    "style attribute": f'<p style="background:url({CANARY})">text</p>',
    "meta": f'<meta http-equiv="refresh" content="0;url=javascript:{CANARY}">',
    "base": f'<base href="javascript:{CANARY}//">',
    "form": f'<form action="javascript:{CANARY}"><button>go</button></form>',
    "template": f"<template><script>{CANARY}</script></template>",
}
DISGUISES = {
    "as it is": lambda s: s,
    "upper case": lambda s: re.sub(r"<(/?)(\w+)", lambda m: "<" + m[1] + m[2].upper(), s),
    "mixed case": lambda s: re.sub(r"<(/?\w)(\w*)", lambda m: "<" + m[1] + m[2].title(), s),
    "in a paragraph": lambda s: f"<p>before {s} after</p>",
    "in bold, unclosed": lambda s: f"<b><i>{s}",
    "after a comment": lambda s: f"<!-- x -->{s}",
    "after a broken comment": lambda s: f"<!--><p>{s}",
    "after a declaration": lambda s: f"<!DOCTYPE html><html>{s}</html>",
    "after CDATA": lambda s: f"<![CDATA[ x ]]>{s}",
    "with a newline in the tag": lambda s: re.sub(r"<(\w+)", r"<\1\n", s),
    "with a tab in the tag": lambda s: re.sub(r"<(\w+)", r"<\1\t", s),
    "with a slash in the tag": lambda s: re.sub(r"<(\w+) ", r"<\1/ ", s),
    "with a form feed": lambda s: re.sub(r"<(\w+) ", "<\\1\x0c", s),
    "with NUL in front": lambda s: "\x00" + s,
    "with NUL between": lambda s: s.replace(">", ">\x00", 1),
    "with controls between": lambda s: s.replace(">", ">\x01\x1b", 1),
    "with an attribute in front": lambda s: re.sub(r"<(\w+)", r'<\1 title="a>b"', s, count=1),
    "with an empty attribute": lambda s: re.sub(r"<(\w+)", r"<\1 x=", s, count=1),
    "twice": lambda s: s + s,
    "nested deeply": lambda s: "<div>" * 300 + s + "</div>" * 300,
    "in a table": lambda s: f"<table><tr><td>{s}</td></tr></table>",
    "in a title's tag": lambda s: f"<h1>news {s}</h1>",
    "in a list": lambda s: f"<ul><li>{s}<li>next</ul>",
    "after text with a less-than": lambda s: f"5 < 6 and {s}",
    "after many entities": lambda s: "&amp;" * 50 + s,
    "between long text": lambda s: "word " * 400 + s + " word" * 400,
    "with right-to-left marks": lambda s: "\u202e" + s + "\u202c",
    "with a byte order mark": lambda s: "\ufeff" + s,
    "in a namespace": lambda s: f'<x:y xmlns:x="urn:x">{s}</x:y>',
    "after a closed script": lambda s: f"<script>var a = '<b>'</script>{s}",
    "in a link's text": lambda s: f'<a href="https://a.example/">{s}</a>',
}
CASES = list(itertools.product(WAYS, DISGUISES))
MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z!][^<>]*>")


def test_there_are_as_many_cases_as_the_issue_asks_for():
    assert len(CASES) >= 745


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("clean", [plain, one_line], ids=["text", "title"])
def test_no_script_passes_the_cleaner(way, clean):
    for disguise in DISGUISES.values():
        cleaned = clean(disguise(WAYS[way]))
        assert CANARY not in cleaned, (way, disguise(WAYS[way]))
        assert not MARKUP.search(cleaned)


@pytest.mark.parametrize("way", WAYS)
def test_escaped_markup_stays_text_and_is_decoded_once_only(way):
    """An article may quote markup: as text, never as more than was written."""
    twice = html.escape(html.escape(WAYS[way]))
    assert not MARKUP.search(plain(twice))
