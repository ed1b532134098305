"""Say whether a stance is taken at all: not refused, not called for, not denied, not only possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.statements.words import words

if TYPE_CHECKING:
    from spacy.tokens import Token

# Clauses between the word of a stance and what stands above it.
MAX_CLIMB = 4
_CLAUSAL = frozenset("xcomp ccomp advcl acl csubj".split())


def is_said(token: Token) -> bool:  # noqa: PLR0911 - one reason against it a return
    """Say whether the stance is taken: not refused, called for, negated, or only possible."""
    node, climbed = token, 0
    while climbed < MAX_CLIMB:
        if is_denied(node, token):
            return False
        parent = node.head
        if parent == node or node.dep_ not in _CLAUSAL | {"conj", "obj", "obl", "nmod"}:
            return True
        if (
            node.dep_ in ("xcomp", "ccomp", "advcl", "acl")
            and parent.lemma_.lower() in words().not_said
            and not _speaks(parent, node)
        ):
            return False
        if (
            node.dep_ in ("acl", "advcl")
            and _is_purpose(node)
            and parent.lemma_.lower() not in words().express
            and parent.lemma_.lower() not in words().done
        ):
            return False
        if node.dep_ in ("obj", "nmod", "obl") and parent.lemma_.lower() in (
            "demand",
            "urge",
            "seek",
            "want",
            "lack",
        ):
            return False
        if node.dep_ in ("ccomp", "parataxis") or (node.dep_ == "obl" and climbed):
            return True
        node, climbed = parent, climbed + 1
    return True


def _is_purpose(node: Token) -> bool:
    """Say whether it is "to condemn": an aim, a bid, a rally's purpose."""
    return any(child.lower_ == "to" and child.dep_ in ("mark", "aux") for child in node.children)


def _speaks(parent: Token, node: Token) -> bool:
    """Say whether the verb above only reports ("told reporters that it condemned")."""
    return (
        node.dep_ == "ccomp"
        and parent.lemma_ in ("tell", "state")
        and any(child.dep_ == "mark" and child.lower_ == "that" for child in node.children)
    )


def is_denied(node: Token, cue: Token) -> bool:
    """Say whether a negation, a modal or a condition stands with `node`, before the word of the stance."""
    for child in node.children:
        word = child.lower_
        if child.i > cue.i and child.dep_ != "aux":
            continue
        if word in words().negations and child.dep_ in (
            "advmod",
            "neg",
            "det",
            "mark",
            "case",
            "aux",
        ):
            return True
        if child.dep_ == "aux" and word in words().modals and node.pos_ in ("VERB", "AUX"):
            return True
        if child.dep_ == "mark" and word in words().conditions:
            return True
    return False
