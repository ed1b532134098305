"""What an article is about as a whole, as far as it changes the sense of its words: sport, cyber, fiction, a disaster."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.facts import Reading, Sentence

SENSES = (
    "sport",
    "market",
    "cyber",
    "labour",
    "fiction",
    "drill",
    "animal",
    "disease",
    "disaster",
    "accident",
    "trial",
    "anniversary",
    "armed",
    "militants",
)
# Words that no accident, match or film needs; two of them make an article one about violence.
VIOLENT = frozenset(
    "gunman gunmen militant militants insurgent insurgents terrorist terrorists airstrike airstrikes bomber bombers bombing bombings "
    "shelling ambush killed shot gunfire wounded assassinated kidnapped explosives grenade grenades suicide rebels guerrillas "
    "stormed killing gunned ambushed hostages hostage troops jihadist jihadists stabbed stabbing shooting bomb bombs rocket rockets missile missiles drone drones attackers assailants".split()
)


# "beat Arsenal 3-0": with one word of sport in the article, a score weighs as much as three of them.
_SCORE = re.compile(
    r"\b\d{1,3}(?:st|nd|rd|th)[ -]minute\b|(?:stoppage|injury)[ -]time|"
    r"(?<![\w.$€£-])\d{1,2}[-–]\d{1,2}(?![\w.%-]| (?:people|years?|days?|hours?|percent|km|metres|miles))"
)
SCORE_WEIGHT = 3
# What people suffer in accidents, too.
_HARM = frozenset({"killed", "wounded", "killing"})
# What no accident needs.
MALICIOUS = VIOLENT - _HARM
# "Initial findings pointed to a gas leak": a cause without malice, in whichever sentence it is told.
_CAUSE = re.compile(
    r"\b(?:caused|triggered|due|blamed|pointed|points|pointing|attributed|resulted?|resulting|result)\b[^.;]{0,40}"
    r"\b(?:gas leak|leaking gas|gas cylinder|short[- ]circuit|electrical fault|boiler|malfunction|accident|mishandl\w+|chemicals?|chemical reaction|fireworks|firecrackers|welding|negligence|overheat\w*|"
    r"transformer|human error)\b",
    re.IGNORECASE,
)
# "Police did not believe it was an attack", "the driver was drunk": a car among people may be an accident.
_NO_ATTACK = re.compile(
    r"\b(?:not|n't|n’t|no)\b[^.;]{0,40}\b(?:an attack|a terrorist attack|terror(?:ism|ist)?[- ]related|deliberate|intentional)\b|"
    r"\bdriver (?:was|had been) (?:drunk|drinking)\b|\bdrunk(?:en)? driver\b",
    re.IGNORECASE,
)


# Who claims responsibility, or is told not to have claimed it yet, did no accident.
_CLAIM = re.compile(
    r"\bclaim(?:s|ed|ing)? (?:of )?(?:the )?responsibility\b|\bclaim(?:s|ed) the (?:attack|blast|bombing|explosion)\b",
    re.IGNORECASE,
)
# "Derailed after an explosion on the track", "a blast derailed a train": what left the rails did so by a blast.
_BLAST = r"(?:blasts?|explosions?|bombs?|bombing|explosives?|mines?|devices?)"
_BLOWN_OFF_RAILS = re.compile(
    rf"\bderail\w*\b[^.;]{{0,30}}\b(?:by|after|following|when)\b[^.;]{{0,30}}\b{_BLAST}\b|\b{_BLAST}\b[^.;]{{0,30}}\bderail(?:s|ed)\b",
    re.IGNORECASE,
)
_DERAILED = frozenset({"derailed", "derailment"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Counts of cue words: in the whole article, in its title, and of words that only violence needs.

    ``claimed`` says that the article tells who claimed responsibility, or that nobody did yet; ``malicious`` that it
    has a word that no accident needs, ``struck`` that a headline has one.
    """

    counts: Counter[str]
    title: Counter[str]
    violent: int
    sentences: int
    told_of_works: frozenset[int] = frozenset()
    mishap: bool = False
    no_attack: bool = False
    claimed: bool = False
    malicious: bool = False
    struck: bool = False

    def about(self, sense: str) -> bool:
        """Say whether the article is about `sense`: cues in a third of its sentences, and more than of violence."""
        cues = self.counts[sense]
        return cues >= 3 and cues * 3 >= self.sentences and cues > self.violent  # noqa: PLR2004

    @property
    def is_accident(self) -> bool:
        """Whether the article tells of an accident: by many words, by its headline, or by a cause that it gives."""
        titled = bool(self.title["accident"]) and not self.struck
        told = titled or self.about("accident") or self.mishap
        return told and not self.claimed

    @property
    def is_disaster(self) -> bool:
        """Whether the article tells of a disaster: by many words, or by its headline where nothing in it needs malice."""
        return self.about("disaster") or (bool(self.title["disaster"]) and not self.malicious)


def of(reading: Reading) -> Setting:
    """Return the setting of an article."""
    counts: Counter[str] = Counter()
    title: Counter[str] = Counter()
    violent = 0
    malicious = struck = False
    for sentence in reading.sentences:
        words = words_of(sentence)
        here = senses_in(words - _stormed(sentence))
        counts += here
        violent += len(VIOLENT & words)
        malice = bool(words & MALICIOUS)
        if sentence.headline:
            title += here
            struck = struck or malice
        malicious = malicious or malice
    if counts["sport"] and any(_SCORE.search(sentence.text) for sentence in reading.sentences):
        counts["sport"] += SCORE_WEIGHT
    return Setting(
        counts=counts,
        title=title,
        violent=violent,
        sentences=max(1, len(reading.sentences)),
        told_of_works=_told_of_works(reading),
        mishap=not malicious and any(_CAUSE.search(s.text) for s in reading.sentences),
        no_attack=any(_NO_ATTACK.search(s.text) for s in reading.sentences),
        claimed=any(_CLAIM.search(s.text) for s in reading.sentences),
        malicious=malicious,
        struck=struck,
    )


def _stormed(sentence: Sentence) -> frozenset[str]:
    """Return the words by which somebody storms a place: "al-Shabaab storms hotel" tells of no weather."""
    return frozenset(
        t.lower_
        for t in sentence.span
        if t.lower_ in {"storm", "storms"}
        and t.pos_ == "VERB"
        and any(c.dep_ == "obj" for c in t.children)
    )


# What tells a made-up event, as the subject or the place of its sentence.
WORKS = frozenset(
    "film movie novel thriller sequel drama documentary series play game sitcom screenplay comic opera musical".split()
)


def _told_of_works(reading: Reading) -> frozenset[int]:
    """Return the sentences that tell on, in the present tense, what a film or a novel of their paragraph is about."""
    found: set[int] = set()
    paragraph = -1
    for sentence in reading.sentences:
        root = sentence.span.root
        if sentence.paragraph != paragraph:
            work = False
        elif work and _is_present(root):
            found.add(sentence.index)
        paragraph = sentence.paragraph
        subjects = [c for c in root.children if c.dep_ in {"nsubj", "nsubj:pass"}]
        work = work or any(c.lower_ in WORKS and c.lower_ != "series" for c in subjects)
    return frozenset(found)


def _is_present(root: Token) -> bool:
    forms = [root, *(c for c in root.children if c.dep_.startswith("aux"))]
    return any(t.tag_ in {"VBZ", "VBP"} for t in forms)


def words_of(sentence: Sentence) -> frozenset[str]:
    """Return the lower-case words of a sentence, hyphenated ones also in parts; no mishap that a blast brought about."""
    words = {token.lower_ for token in sentence.span}
    if words & _DERAILED and _BLOWN_OFF_RAILS.search(sentence.text):
        words -= _DERAILED
    return frozenset(words | {part for word in words if "-" in word for part in word.split("-")})


def senses_in(words: frozenset[str]) -> Counter[str]:
    """Return how many different cues of each sense are among `words`."""
    cues = lexicon.cues()
    return Counter({sense: count for sense in SENSES if (count := len(cues[sense] & words))})
