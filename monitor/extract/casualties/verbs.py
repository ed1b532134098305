"""Read verbs of harm: "three men were killed", "killing three", "14 shot", where they tell what happened.

The voice decides on which side the victims stand. What is negated, possible, wanted, threatened or one of two
alternatives ("killed or captured") is no fact; plurals without a figure in the present are spoken of in general.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitor.extract.casualties import victims
from monitor.extract.casualties.tolls import CASUALTIES, INJURED, KILLED, SHOT
from monitor.extract.casualties.words import Form, Verb
from monitor.extract.numbers import rules as numbers
from monitor.extract.people import nouns as person_nouns

if TYPE_CHECKING:
    from monitor.extract.casualties.view import View
    from monitor.extract.people.rules import Group


_MEASURES = {Verb.KILL: KILLED, Verb.DIE: KILLED, Verb.INJURE: INJURED, Verb.HIT: SHOT}
# "shot", "stabbed" tell harm alone; "beaten", "burned", "hacked" only with a fatal word.
_HITS = frozenset("shot stabbed shoot shoots stabs stab shooting stabbing knifed".split())
# "Shots were fired, hitting four people"; workers who strike hit nobody.
_STRIKING = frozenset({"hitting", "striking"})
# "no Afghan civilians, Afghan soldiers or coalition": so long is a denied list before its last.
MAX_DENIED_LIST = 9
# "Four people shot at a party" were hit; "gunmen shot at a car" missed.
_BYSTANDERS = frozenset(
    "people person man men woman women boy boys girl girls child children teen teens teenager teenagers student students "
    "victims youths others residents".split()
)
# "continue killing farmers", "stop killing civilians", "terror by killing civilians": no one deed is told.
_AGAIN_AND_AGAIN = frozenset(
    "continue continues continued continuing stop stops stopped keep keeps kept by of from like and".split()
)
# "was almost killed"; "nearly 30" is a number.
_HARDLY = frozenset({"almost", "nearly"})
_CAPTURES = frozenset(
    "captured detained arrested apprehended capture detain captures capturing detaining kidnapped".split()
)


_THE_ATTACKER = frozenset({"him", "her", "them"})
_OFFICERS = frozenset(
    "police officer policeman policewoman soldier guard troop force deputy trooper constable sniper bystander".split()
)


@dataclass(frozen=True, slots=True)
class Found:
    """A claim in positions: the groups it befell, the word of harm, and what the wording says of it."""

    measure: str
    groups: tuple[Group, ...]
    word: int
    total: bool = False
    uncertain: bool = False
    more: bool = False


# --- verbs ---------------------------------------------------------------------------------------


def read_verb(view: View, position: int, verb: Verb, form: Form) -> Found | None:
    """Return the claim of the verb of harm at `position`."""
    measure = _measure(view, position, verb)
    if measure is None or not is_fact(view, position, form) or _is_alternative(view, position):
        return None
    mixed = _mixed(view, position)
    if mixed is not None:
        measure = CASUALTIES
    groups = _befallen(view, position, mixed or position, verb, form)
    if groups and _is_denied(view, groups[0]):
        groups = (replace(groups[0], count=numbers.of(0), pronoun=True),)
    if view.line.at(position) in _STRIKING and not (
        groups and groups[0].sure and groups[0].count.best
    ):
        return None
    if groups and _is_asked(view, groups[0]):
        return None
    if not groups or (_is_vague(view, position, groups[0]) and _is_general(view, position, form)):
        return None
    if _is_shot_back(view, position, groups):
        groups = tuple(replace(group, perpetrator=True) for group in groups)
    return Found(measure, groups, position, uncertain=is_uncertain(view, position))


def _is_shot_back(view: View, position: int, groups: tuple[Group, ...]) -> bool:
    """Tell whether "him" is who did the harm told before: "stabbed two before an officer shot and killed him"."""
    if len(groups) != 1 or view.line.at(groups[0].start) not in _THE_ATTACKER:
        return False
    by = position - 1
    while view.line.at(by) in view.lex.verbs or view.line.at(by) in {"and", "then", "fatally"}:
        by -= 1
    officers = by > 0 and view.line.tokens[by].lemma_.lower() in _OFFICERS
    return officers and any(view.line.at(i) in view.lex.verbs for i in range(by))


def _measure(  # noqa: PLR0911 - one return a reading of the verb
    view: View, position: int, verb: Verb
) -> str | None:
    """Return what the verb does to its victim, ``None`` where it is no harm ("shot down a drone", "burned")."""
    line, word = view.line, view.line.at(position)
    if view.is_("fatal_before", position - 1):
        return KILLED
    if verb is not Verb.HIT:
        return _MEASURES[verb]
    if line.at(position - 1) in {"a", "the", "first", "warning"} or _is_shot_at(view, position):
        return None
    if word in {"shooting", "stabbing"} and line.tokens[position].pos_ != "VERB":
        return None
    if line.at(position + 1) == "down" and not word.startswith("gun"):
        return None
    if line.longest(position + 1, view.lex.phrases["fatal_after"]) or _is_to_death(view, position):
        return KILLED
    return SHOT if word in _HITS or word in _STRIKING else None


def _is_to_death(view: View, position: int) -> bool:
    """Tell whether it says "beat a man to death", "burned two women alive": the end stands behind the victims."""
    group = view.starting(position + 1)
    return group is not None and any(
        view.line.has(group.end, end) for end in (("to", "death"), ("alive",))
    )


def _is_shot_at(view: View, position: int) -> bool:
    """Tell whether somebody was shot at, and not shot at some place."""
    how = position + 1 + (view.line.at(position + 1).endswith("ly"))
    if view.line.at(how) != "at":
        return False
    ahead = victims.adjacent(view, position)
    hit = bool(ahead) and (ahead[-1].head is None or view.line.at(ahead[-1].head) in _BYSTANDERS)
    passive = hit or _auxiliary(view, position) == "be"
    return not passive or view.line.at(how + 1) == "by"


def _mixed(view: View, position: int) -> int | None:
    """Return the second word of "killed or wounded", "killed and injured 20": people hurt, not split."""
    line = view.line
    first, second = view.lex.verbs[line.at(position)], view.lex.verbs.get(line.at(position + 2))
    if second is None or line.at(position + 1) not in {"or", "and", "/"}:
        return None
    return position + 2 if {first[0], second[0]} == {Verb.KILL, Verb.INJURE} else None


def _is_alternative(view: View, position: int) -> bool:
    """Tell whether it is one side of "killed or captured": nobody knows how many died."""
    line = view.line
    right = line.at(position + 1) in {"or", "/"} and line.at(position + 2) in _CAPTURES
    return right or (line.at(position - 1) in {"or", "/"} and line.at(position - 2) in _CAPTURES)


def is_fact(view: View, position: int, form: Form) -> bool:
    """Tell whether the verb tells what happened: not negated, not possible, not wanted, not threatened."""
    line = view.line
    i = position - 1
    while i >= 0 and any(view.is_(name, i) for name in ("adverbs", "be", "have", "negations")):
        if view.is_("negations", i) or (i == position - 1 and line.at(i) in _HARDLY):
            return False
        if line.at(i) == "to":
            return view.is_("factual_before_to", i - 1)
        i -= 1
    if view.is_("modals", i) or (line.at(i) == "may" and not line.tokens[i].text.istitle()):
        return False
    if form is Form.GERUND and line.at(i) == "from":
        return False
    if form is Form.BASE and line.at(i) == "and":
        return _shares_to(view, i)
    return not (form is Form.BASE and line.at(i) in {"to", "or"})


# "managed to kill one person and wound 12 others": so many words may stand between the two verbs.
MAX_SHARED_TO = 8


def _shares_to(view: View, joint: int) -> bool:
    """Tell whether a verb in its base form shares a "to" that tells a fact: "managed to kill one and wound 12"."""
    for i in range(joint - 1, max(0, joint - MAX_SHARED_TO), -1):
        if view.line.at(i) in view.lex.verbs and view.lex.verbs[view.line.at(i)][1] is Form.BASE:
            return view.line.at(i - 1) == "to" and is_fact(view, i, Form.BASE)
    return False


def _is_denied(view: View, group: Group) -> bool:
    """Tell whether "no" or "neither" at the head of a list denies its last.

    "No civilians, policemen or soldiers were hurt", "neither the consul nor his wife was hurt".
    """
    before = view.line.lower[max(0, group.start - MAX_DENIED_LIST) : group.start]
    listed = group.bare and "no" in before and bool({"or", "nor"} & set(before))
    return listed or (before[-1:] == ("nor",) and "neither" in before)


def _is_asked(view: View, group: Group) -> bool:
    """Tell whether it is asked or open: "whether soldiers had died", "how many people were hurt", "Any wounded?"."""
    before = view.line.at(group.start - 1)
    return (
        before == "whether"
        or (group.bare and view.line.at(len(view.line) - 1) == "?")
        or (before == "if" and group.bare)
        or "how" in {before, view.line.at(group.start - 2)}
    )


def _is_vague(view: View, position: int, group: Group) -> bool:
    """Tell whether people without a figure may be people in general."""
    general = group.bare or group.definite or _up_to_now(view, position)
    return group.count.best is None and general


def _up_to_now(view: View, position: int) -> bool:
    """Tell whether it is told of all those whom it befell up to now: "thousands who have been murdered"."""
    return view.line.has(position - 3, ("who", "have", "been"))


def _is_general(view: View, position: int, form: Form) -> bool:
    """Tell whether a plural without figure is spoken of in general: "people are getting killed", "killing civilians"."""
    before = {view.line.at(i) for i in range(max(0, position - 3), position)}
    if _up_to_now(view, position):
        return True
    if before & {"was", "were", "been", "had"}:
        return False
    if form is Form.GERUND and view.line.at(position - 1) in _AGAIN_AND_AGAIN:
        return True
    return form is Form.BASE or bool(
        before & {"are", "is", "get", "gets", "getting", "'re", "being"}
    )


def is_uncertain(view: View, position: int) -> bool:
    """Tell whether they are feared or presumed dead and not known to be."""
    return any(view.line.at(i) in {"feared", "presumed"} for i in range(position - 3, position))


def _befallen(view: View, position: int, last: int, verb: Verb, form: Form) -> tuple[Group, ...]:
    """Return the groups that the verb befell; `last` is its second word where it is two."""
    aux = _auxiliary(view, position)
    if verb is Verb.DIE or (
        aux == "be" and (form is Form.PAST or view.line.at(position - 1) == "being")
    ):
        ahead = _agreeing(view, position, victims.before(view, position))
        return (*ahead, *victims.along_with(view, position)) if ahead else ()
    if (
        view.line.at(position + 1) == "and"
        and view.line.at(position + 2) in view.lex.verbs
        and last == position
    ):
        return ()
    behind = victims.after(view, last)
    if form is not Form.PAST:
        return behind
    if verb is not Verb.HIT and behind and _is_attributive(view, position):
        return () if is_general_kind(view, behind[0]) else behind
    if behind and not _is_headline_passive(view, position):
        return behind
    return () if _has_object(view, last) else victims.adjacent(view, position)


def is_general_kind(view: View, group: Group) -> bool:
    """Tell whether "wounded soldiers" are such in general; "a number of wounded soldiers" are not."""
    return group.bare and "number" not in view.line.lower[max(0, group.start - 3) : group.start]


def _is_attributive(view: View, position: int) -> bool:
    """Tell whether it only says of which kind people are: "relatives of missing and murdered people"."""
    token = view.line.tokens[position]
    return "amod" in {str(token.dep_), str(token.head.dep_) if token.dep_ == "conj" else ""}


def _has_object(view: View, position: int) -> bool:
    """Tell whether the verb has an object that is no person: "lawmakers killed the bill"."""
    i = victims.skip_right(view, position)
    token = view.line.tokens[i] if i < len(view.line) else None
    return (
        token is not None
        and token.pos_ in {"DET", "PRON", "ADJ", "NOUN"}
        and not person_nouns.is_stop(view.line.at(i))
    )


def _agreeing(view: View, position: int, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Return the one person that "was" speaks of: "Rene Lopez, an official and leader of the party, was shot".

    What the person is may stand without an article: "Rene Lopez, senator and candidate, died".
    """
    one = len(groups) > 1 and groups[0].names and groups[0].count == numbers.of(1)
    was = any(view.line.at(i) == "was" for i in range(groups[-1].end, position)) if one else False
    offices = all(
        g.head is not None
        and not g.names
        and not g.bare
        and g.count == numbers.of(1)
        and view.line.tokens[g.start].pos_ in {"NOUN", "ADJ", "PROPN"}
        for g in groups[1:]
    )
    return groups[:1] if one and (was or offices) else groups


def _is_headline_passive(view: View, position: int) -> bool:
    """Tell whether "14 killed, 30 wounded" has its victims before it: a bare figure or group, and a mark behind."""
    ahead = view.ending(victims.skip_left(view, position))
    if ahead is None or ahead.pronoun:
        return False
    gap = view.line.at(position + 1)
    if ahead.count.best is not None and _is_next_item(view, position):
        return True
    return gap in {",", "(", "-", ":"} or (ahead.head is None and not ahead.names)


def _is_next_item(view: View, position: int) -> bool:
    """Tell whether the figure behind the verb has its own: "3 civilians killed 38 injured", without a comma."""
    behind = view.starting(position + 1)
    if behind is None or behind.definite or behind.count.best is None:
        return False
    verb = view.lex.verbs.get(view.line.at(behind.end))
    hurts = verb is not None and verb[1] is Form.PAST
    return hurts and view.starting(behind.end + 1) is None


def _auxiliary(view: View, position: int) -> str | None:
    """Return "be" or "have" where a form of it stands before the verb, adverbs between them apart."""
    line = view.line
    for i in range(position - 1, -1, -1):
        word = line.at(i)
        if view.is_("be", i) and not (word == "'s" and line.tokens[i].tag_ == "POS"):
            return "be"
        if view.is_("have", i):
            return "have"
        if not view.is_("adverbs", i):
            return _shared_auxiliary(view, i)
    return None


def _shared_auxiliary(view: View, joint: int) -> str | None:
    """Return the auxiliary of the verb before "and" at `joint`: "were shot and killed"."""
    line = view.line
    if line.at(joint) not in {"and", ",", "or", "then"} or view.starting(joint + 1) is not None:
        return None
    j = joint - 1 - (line.at(joint - 1) in {",", "and"})
    if j < 0 or (line.tokens[j].tag_ not in {"VBN", "VBD"} and line.at(j) not in view.lex.verbs):
        return None
    return _auxiliary(view, j)
