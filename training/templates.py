"""Fill the sentence templates with names of all regions, as further examples for `ner`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from training.entities import Tagged
from training.name_lists import GIVEN, SURNAMES, places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from spacy.language import Language

TEMPLATES = Path(__file__).with_name("name_templates.txt")
_SLOT = re.compile(r"\{([PSLMO])\}")
_LABELS = {"P": "PERSON", "S": "PERSON", "L": "PLACE", "M": "PLACE", "O": "ORG"}
_CAUSES = "Islamic National People's Popular United Free Revolutionary Democratic Patriotic".split()
_BODIES = (
    "Front|Army|Movement|Brigade|Brigades|Party|Council|Union|Forces|Guard|Resistance|Alliance|"
    "Coalition|Police|Command|Committee|Authority|Agency|Observatory|Red Crescent|Red Cross|"
    "Liberation Army|Liberation Front|Defence Forces|Security Forces|Human Rights Commission"
).split("|")
_OFFICES = (
    "Interior|Defence|Foreign Affairs|Health|Justice|Information|Public Security|the Interior"
).split("|")
_SHORT = "UNHCR ECOWAS NATO OCHA ISIS ISWAP PKK SDF RSF TPLF LNA KIA ELN UNICEF IGAD AFP AP".split()
_GROUPS = "Ansar Jaish Liwa Saraya Harakat Asaib Jund Hizb Lashkar Junud".split()
_FAITH = "al-Haq al-Islam al-Sunna al-Mahdi al-Nasr al-Sham al-Din al-Fath al-Huda al-Jihad".split()


def fill(nlp: Language, rng: Random, times: int) -> Iterator[Tagged]:
    """Yield each template `times` times, with names drawn anew."""
    lines = TEMPLATES.read_text(encoding="utf-8").splitlines()
    templates = [line for line in lines if line and not line.startswith("#")]
    for template in templates * times:
        yield _filled(nlp, template, rng)


def _filled(nlp: Language, template: str, rng: Random) -> Tagged:
    text, spans = "", []
    position = 0
    for slot in _SLOT.finditer(template):
        text += template[position : slot.start()]
        name = _name(slot[1], rng)
        spans.append((len(text), len(text) + len(name), _LABELS[slot[1]]))
        text += name
        position = slot.end()
    doc = nlp.make_doc(text + template[position:])
    names = [
        (found.start, found.end, label)
        for start, end, label in spans
        if (found := doc.char_span(start, end, alignment_mode="expand")) is not None
    ]
    return Tagged(
        words=tuple(token.text for token in doc),
        spaces=tuple(bool(token.whitespace_) for token in doc),
        names=tuple(names),
    )


def _name(slot: str, rng: Random) -> str:
    match slot:
        case "P":
            middle = [rng.choice(GIVEN)] if rng.random() < 0.15 else []
            return " ".join([rng.choice(GIVEN), *middle, rng.choice(SURNAMES)])
        case "S":
            return rng.choice(SURNAMES)
        case "L" | "M":
            return rng.choice(places())
        case _:
            return _organisation(rng)


def _organisation(rng: Random) -> str:
    draw = rng.random()
    if draw < 0.35:
        return f"{rng.choice([*_CAUSES, rng.choice(places())])} {rng.choice(_BODIES)}"
    if draw < 0.5:
        return f"Ministry of {rng.choice(_OFFICES)}"
    if draw < 0.6:
        return f"{rng.choice(_OFFICES[:4])} Ministry"
    if draw < 0.8:
        return rng.choice(_SHORT)
    return f"{rng.choice(_GROUPS)} {rng.choice(_FAITH)}"
