"""Tell for one article what was found and why: what an editor reads when an alert is disputed.

``explain`` runs the stages on the article alone, as if nothing were known before, and returns plain data; ``show``
draws it for a terminal. Each reason comes with the file and line of the rule that gives it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from monitor.alerts.printing import printable
from monitor.articles.normalise import ArticleError, article_from_input
from monitor.errors import InputError
from monitor.incidents.snapshot import MEASURES
from monitor.incidents.subjects import split
from monitor.replay import Player, ReplaySettings
from schemas.codec import to_builtins

if TYPE_CHECKING:
    from monitor.extract.assemble import Assembly
    from monitor.extract.extractor import Extractor
    from monitor.extract.facts import Found, Sentence, Trigger
    from monitor.stage import Step
    from schemas.article import Article, UniqueArticle

_HERE = Path(__file__).parent
_STYLES = {
    "trigger": "bold red",
    "casualties": "magenta",
    "day": "cyan",
    "place": "green",
    "actor": "yellow",
}
MAX_INPUT_BYTES = 16_000_000

Plain = dict[str, Any]
"""JSON values: this module's output is made to be written as JSON."""


def explain(
    article: Article, extractor: Extractor, settings: ReplaySettings | None = None
) -> Plain:
    """Return what each stage makes of an article, and why; the stages' settings are the usual ones unless given."""
    player = Player(extractor, settings)
    unique = player.dedupe(article)
    assembly = extractor.assembly(article)
    return {
        "id": article.article_id,
        "title": article.title,
        "dedupe": {"outcome": unique.outcome, **_reason(unique.reason, "dedupe")},
        "language": assembly.report.language,
        "report_reason": assembly.report.reason,
        "sentences": [_sentence(s, assembly) for s in assembly.reading.sentences],
        "report": to_builtins(assembly.report),
        "decisions": list(_decisions(player, assembly, unique)),
    }


def _sentence(sentence: Sentence, assembly: Assembly) -> Plain:
    facts = assembly.facts
    index = sentence.index
    found: list[tuple[str, Found]] = []
    found += [("casualties", f) for f in facts.casualties_in.get(index, ())]
    found += [("day", f) for f in facts.days_in.get(index, ())]
    found += [("place", f) for f in facts.places_in.get(index, ())]
    found += [("actor", f) for f in facts.actors_in.get(index, ())]
    return {
        "index": index,
        "field": sentence.field,
        "start": sentence.offset + sentence.span.start_char,
        "text": sentence.text,
        "triggers": [_trigger(t, sentence) for t in assembly.triggers.get(index, ())],
        "facts": [_fact(kind, f, sentence) for kind, f in found],
    }


def _trigger(trigger: Trigger, sentence: Sentence) -> Plain:
    return _spot(trigger, sentence) | {
        "kept": trigger.kept,
        "event_type": trigger.event_type,
        "factuality": trigger.factuality,
        "notes": list(trigger.notes),
        **_reason(trigger.why, "extract"),
    }


def _fact(kind: str, fact: Found, sentence: Sentence) -> Plain:
    return {"fact": kind, **_spot(fact, sentence), "value": _value(kind, fact)}


def _spot(fact: Found, sentence: Sentence) -> Plain:
    evidence = sentence.evidence(fact.start, fact.end, "")
    words = str(sentence.doc[fact.start : fact.end].text)
    return {"text": words, "start": evidence.start, "end": evidence.end}


def _value(kind: str, fact: Any) -> str:
    """Return what was made of a fact, for people (any: one of the four kinds of facts)."""
    if kind == "casualties":
        count = fact.count
        bounds = f"low {count.low}, best {count.best}, high {count.high}"
        part = " (a part)" if fact.part else ""
        return f"{fact.measure}: {bounds}{part}"
    if kind == "day":
        first, last = fact.days.first, fact.days.last
        return f"{first}" if first == last else f"{first} to {last}"
    if kind == "place":
        return ", ".join(p for p in (fact.place.name, fact.place.admin1, fact.place.country) if p)
    return str(fact.who.name) + (f" ({fact.role})" if fact.role else "")


def _decisions(player: Player, assembly: Assembly, unique: UniqueArticle) -> Iterator[Plain]:
    for mention in split(assembly.report, unique):
        told = player.track_step(mention)
        yield {"stage": "track", "subject": mention.subject, "reasons": _reasons(told, "incidents")}
        for delta in told.outputs:
            alerted = player.decide_step(delta)
            yield {
                "stage": "alert",
                "about": delta.incident_id or delta.tally_id or delta.subject,
                "measure": delta.measure,
                "reasons": _reasons(alerted, "alerts"),
                "alerts": [a.title for a in alerted.outputs],
            }


def _reasons(step: Step[Any, Any], package: str) -> list[Plain]:
    """Return a step's reasons with their rules (any: steps of two stages)."""
    return [_reason(reason, package) for reason in step.reasons]


def _reason(reason: str, package: str) -> Plain:
    return {"why": str(reason), "rule": where(str(reason), package)}


@cache
def where(reason: str, package: str) -> str | None:
    """Return ``monitor/…/rules.py:LINE`` of the rule that gives a reason, ``None`` where it is not found.

    Modules named ``rules`` are looked at first; declarations of the reason itself do not count.
    """
    word = f".{reason.upper()}"
    files = sorted((_HERE / package).rglob("*.py"), key=lambda p: (p.name != "rules.py", str(p)))
    hits = [hit for path in files for hit in _lines_with(path, word)]
    giving = [hit for hit in hits if hit[1]] or hits
    return giving[0][0] if giving else None


def _lines_with(path: Path, word: str) -> Iterator[tuple[str, bool]]:
    """Yield the places in a file where a reason stands, and whether a value is given there."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        after = line.partition(word)[2]
        if word in line and not after[:1].isidentifier():
            gives = any(sign in line for sign in ("return", " if ", "why", "reason"))
            yield f"{path.relative_to(_HERE.parent)}:{number}", gives


def run(source: BinaryIO, out: TextIO, settings: ReplaySettings, *, as_json: bool) -> None:
    """Explain the first article of the input: one JSON object, or one a line.

    Raises:
        InputError: it is no article.
    """
    from monitor.extract import Extractor  # noqa: PLC0415 - the pipeline takes a second to load

    article = _article(source.read(MAX_INPUT_BYTES))
    told = explain(article, Extractor.load(settings.extract), settings)
    if as_json:
        json.dump(msgspec.to_builtins(told), out, ensure_ascii=False)
        out.write("\n")
        return
    show(told, Console(file=out, highlight=False))


def _article(raw: bytes) -> Article:
    """Return the article in one JSON object, or in the first line of many."""
    for text in (raw, raw.strip().split(b"\n", 1)[0]):
        try:
            data = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError):
            continue
        try:
            return article_from_input(data)
        except ArticleError as exc:
            msg = f"not an article: {exc}"
            raise InputError(msg) from exc
    msg = "not an article: not JSON"
    raise InputError(msg)


def show(told: Mapping[str, Any], console: Console) -> None:
    """Draw an explanation: sentences with what was read underlined, then facts, then decisions."""
    console.print(Text(printable(told["title"]), style="bold"))
    dedupe = told["dedupe"]
    console.print(f"dedupe: {dedupe['outcome']} ({dedupe['why']}) {_at(dedupe['rule'])}")
    if told["report_reason"]:
        console.print(f"report: {told['report_reason']}")
    for sentence in told["sentences"]:
        _show_sentence(sentence, console)
    _show_report(told["report"], console)
    for decision in told["decisions"]:
        _show_decision(decision, console)


def _show_sentence(sentence: Plain, console: Console) -> None:
    if not sentence["triggers"] and not sentence["facts"]:
        return
    words = Text(printable(sentence["text"]))
    begin = sentence["start"]
    marks = [("trigger", t) for t in sentence["triggers"] if t["kept"]]
    marks += [(f["fact"], f) for f in sentence["facts"]]
    for kind, mark in marks:
        words.stylize(f"{_STYLES[kind]} underline", mark["start"] - begin, mark["end"] - begin)
    console.print()
    console.print(Text(f"{sentence['index']:>3} ", style="dim").append(words))
    for trigger in sentence["triggers"]:
        _show_trigger(trigger, console)
    for fact in sentence["facts"]:
        line = Text(f"{fact['fact']}: {printable(fact['text'])} -> {printable(fact['value'])}")
        line.stylize(_STYLES[fact["fact"]], 0, len(fact["fact"]))
        console.print(Padding(line, (0, 0, 0, 6)))


def _show_trigger(trigger: Plain, console: Console) -> None:
    mark, style = ("kept", "green") if trigger["kept"] else ("dropped", "red")
    line = Text(mark, style=style)
    line.append(f" {printable(trigger['text'])} [{trigger['event_type']}]", style="default")
    line.append(f" {trigger['why']} {_at(trigger['rule'])}", style="dim")
    console.print(Padding(line, (0, 0, 0, 6)))


def _show_report(report: Plain, console: Console) -> None:
    console.print()
    for incident in report["incidents"]:
        place = incident["place"]["name"] if incident["place"] else "no place"
        day = incident["date"]["from"] if incident["date"] else "no day"
        figures = [f"{m} {_count(incident[m])}" for m in MEASURES if incident[m]]
        kind = f"{incident['kind']} ({incident['event_type']})"
        old = ["background"] if incident["background"] else []
        console.print(
            Text("incident  ", style="bold").append(
                printable(", ".join([kind, place, day, *figures, *old])), style="default"
            )
        )
    for said in report["statements"]:
        words = f"{said['speaker']['name']}: {said['stance']} {said['target']['text']}"
        official = "" if said["official"] else " (not official)"
        console.print(
            Text("statement ", style="bold").append(printable(words + official), style="default")
        )
    for tally in report["tallies"]:
        words = f"{tally['what']} {_count(tally['value'])} since {tally['since']}"
        console.print(Text("tally     ", style="bold").append(printable(words), style="default"))


def _count(count: Plain) -> str:
    if count["best"] is None:
        return f"at least {count['low']} (vague)"
    return str(count["best"]) if count["high"] == count["best"] else f"at least {count['best']}"


def _show_decision(decision: Plain, console: Console) -> None:
    about = decision.get("about") or decision["subject"]
    reasons = ", ".join(f"{r['why']} {_at(r['rule'])}" for r in decision["reasons"])
    console.print(
        Text(f"{decision['stage']:<6}", style="bold").append(f"{about}: {reasons}", style="dim")
    )
    for title in decision.get("alerts", ()):
        console.print(Padding(Text(f"alert: {printable(title)}", style="bold red"), (0, 0, 0, 6)))


def _at(rule: str | None) -> str:
    return f"({rule})" if rule else ""
