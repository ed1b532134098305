"""Learn the lemmatizer's tables from the treebanks and a list of the field's verbs."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from monitor.extract.text.lemmas import KEEPS_CASE, TableLemmatizer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from training.treebanks import Word

LONGEST_ENDING = 5
# An ending seen in fewer different forms says nothing about new ones.
MIN_FORMS_FOR_ENDING = 2
VOWELS = "aeiou"
# The treebanks disagree; the lexicons need one.
AGREED = {"people": "person"}


def learn(words: Iterable[Word], verbs: Iterable[str]) -> TableLemmatizer:
    """Return a lemmatizer that knows the words' forms and what their endings teach.

    `words` are treebank words; `verbs` are base forms ("shell", "stab*" where the last consonant
    doubles, "flee fled fled") whose forms are added, since a table of 280,000 words misses half the field.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for word in words:
        if word.upos in KEEPS_CASE or word.lemma == "_":
            continue
        form = word.form.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        lemma = AGREED.get(word.lemma, word.lemma)
        counts[f"{word.xpos} {form}"][lemma] += 1
        counts[f"{word.upos} {form}"][lemma] += 1
    for verb in verbs:
        for tag, form, lemma in verb_forms(verb):
            counts[f"{tag} {form}"][lemma] += 1000
            counts[f"VERB {form}"].setdefault(lemma, 1)
    forms = {key: lemmas.most_common(1)[0][0] for key, lemmas in sorted(counts.items())}
    lemmatizer = TableLemmatizer()
    lemmatizer.fill(forms, _endings(forms))
    return lemmatizer


def verb_forms(verb: str) -> Iterator[tuple[str, str, str]]:
    """Yield (tag, form, lemma) for the forms of a verb.

    `*` doubles its last letter ("stab*"); an irregular one gives past and participle ("flee fled
    fled").
    """
    if " " in verb:
        lemma, past, participle = verb.split()
        yield from (("VBD", past, lemma), ("VBN", participle, lemma))
        return
    lemma = verb.rstrip("*")
    stem = lemma + lemma[-1] if verb.endswith("*") else lemma
    third, past, participle = f"{lemma}s", f"{stem}ed", f"{stem}ing"
    if lemma.endswith("e"):
        past, participle = f"{lemma}d", lemma[:-1] + "ing"
    elif lemma.endswith("y") and lemma[-2] not in VOWELS:
        third, past = lemma[:-1] + "ies", lemma[:-1] + "ied"
    elif lemma.endswith(("s", "sh", "ch", "x", "z")):
        third = f"{lemma}es"
    yield "VB", lemma, lemma
    yield "VBP", lemma, lemma
    yield "VBZ", third, lemma
    yield "VBD", past, lemma
    yield "VBN", past, lemma
    yield "VBG", participle, lemma


def _endings(forms: dict[str, str]) -> dict[str, tuple[int, str]]:
    votes: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for key, lemma in forms.items():
        tag, form = key.split(" ", 1)
        if not form.isalpha():
            continue
        rule = _rule(form, lemma.lower())
        for length in range(min(LONGEST_ENDING, len(form) - 1) + 1):
            if rule[0] <= max(length, 3):
                votes[f"{tag} {form[len(form) - length :]}"][rule] += 1
    best = {key: rules.most_common(1)[0] for key, rules in sorted(votes.items())}
    return _without_repeats({key: r for key, (r, n) in best.items() if n >= MIN_FORMS_FOR_ENDING})


def _rule(form: str, lemma: str) -> tuple[int, str]:
    """Return how many letters to cut from `form` and what to add to get `lemma`."""
    common = 0
    while common < min(len(form), len(lemma)) and form[common] == lemma[common]:
        common += 1
    return len(form) - common, lemma[common:]


def _without_repeats(endings: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Leave out each ending that says the same as the next shorter one."""
    kept: dict[str, tuple[int, str]] = {}
    for key in sorted(endings, key=len):
        tag, ending = key.split(" ", 1)
        shorter = next(
            (
                kept[f"{tag} {ending[i:]}"]
                for i in range(1, len(ending) + 1)
                if f"{tag} {ending[i:]}" in kept
            ),
            None,
        )
        if shorter != endings[key]:
            kept[key] = endings[key]
    return kept
