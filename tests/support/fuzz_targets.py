"""What reads foreign bytes, each as a function of bytes that may raise nothing: for atheris and by hand.

``python tests/support/fuzz_targets.py feed -max_total_time=600`` runs one with atheris (libFuzzer's options).
"""
# ruff: noqa: PLC0415  what is imported before atheris has begun is not instrumented

import sys
import tempfile
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def feed():
    from monitor.feeds.digest import read
    from monitor.feeds.tasks import Task

    def target(raw):
        kind, _, body = raw.partition(b"\n")
        told = kind[:60].decode("latin-1")
        read(Task(url="http://a.example/f", body=body, content_type=told, now=NOW))

    return target


def cleaner():
    from monitor.articles.text import one_line, plain

    def target(raw):
        cleaned = plain(raw.decode("utf-8", "replace"))
        cleaned.encode()
        assert "\x00" not in cleaned
        assert "<script" not in cleaned.lower() or b"&" in raw
        assert "\n" not in one_line(cleaned)

    return target


def messages():
    from schemas import codec
    from schemas.alert import Alert
    from schemas.article import Article
    from schemas.mention import Mention

    def target(raw):
        for kind in (Alert, Article, Mention):
            with suppress(codec.CodecError):
                codec.decode(raw, kind)

    return target


def config():
    from monitor.config import ConfigError, load

    path = Path(tempfile.mkdtemp()) / "c.toml"

    def target(raw):
        path.write_bytes(raw)
        with suppress(ConfigError):
            load(path)

    return target


def verifier():
    from monitor.sinks import signing

    def target(raw):
        parts = raw.split(b"\n", 3)
        values = [part.decode("latin-1") for part in parts[:3]]
        names = ("webhook-id", "webhook-timestamp", "webhook-signature")
        given = dict(zip(names, values, strict=False))
        assert signing.verify(parts[-1], given, SECRET) is not None

    return target


def numbers():
    import spacy

    from monitor.extract import words
    from monitor.extract.numbers import rules

    read = spacy.blank("en")

    def target(raw):
        line = words.of(read(raw[:400].decode("utf-8", "replace"))[:])
        for quantity in rules.scan(line):
            assert 0 <= quantity.start < quantity.end <= len(line)
            low, high = quantity.count.low, quantity.count.high
            assert low is None or high is None or low <= high

    return target


def days():
    from monitor.extract.dates import calendar_words
    from monitor.feeds.dates import read_date

    def target(raw):
        text = raw[:400].decode("utf-8", "replace")
        for match in calendar_words.matches(text, date(2026, 3, 1)):
            assert match.first <= match.last
        found = read_date(text, NOW)
        assert found is None or found.tzinfo is not None

    return target


def outlines():
    from monitor.feeds import opml

    def target(raw):
        with suppress(opml.OpmlError):
            opml.read(raw)

    return target


TARGETS = {
    t.__name__: t for t in (feed, cleaner, messages, config, verifier, numbers, days, outlines)
}


GUIDED = {
    "numbers": ["monitor.extract.numbers", "monitor.extract.words"],
    "days": ["monitor.extract.dates", "monitor.feeds.dates"],
}
"""Modules whose branches guide the search, where it is not all of ours: instrumenting extraction takes half a minute."""


def main():
    import atheris

    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=GUIDED.get(name, ["monitor", "schemas"])):
        target = TARGETS[name]()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
