"""Which of the four outcomes an article has: exact, revision, copy or new; and why.

Only ``exact`` stops an article, so only equal text at the same address or outlet is exact. Everything else goes on to
the comparison of facts; to call a copy new costs a second look, to call a new story a copy hides a source.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from monitor.dedupe import candidates
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.candidates import Candidate
from monitor.dedupe.compare import Evidence, Likeness, compare
from monitor.dedupe.fingerprint import MAX_WORDS, Identity, identify
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.previews import Preview, values
from monitor.dedupe.rows import Row
from monitor.stage import Step
from schemas.article import Article, UniqueArticle
from schemas.base import ArticleId
from schemas.fingerprint import Fingerprint, cluster_id
from schemas.reasons import DedupeReason, Outcome

_DEFAULT = DedupePolicy()

_MIN_MATCHED = 4
"""Fewer windows in common are chance or a quotation."""

_MIN_MATCHED_OF_PART = 2
"""Under one title two windows are enough for a part: a tenth of a long text leaves no more in the sample."""

_WORD_FOR_WORD = 0.8
"""Share of sentences, and of windows in them, from which a part is taken over word for word."""

_ALL_BUT_NAMES = 0.97
"""Share of sentences, and of windows without names in them, from which nothing but names was changed."""

_NOISE_ALLOWED = 0.5
"""What is added to the share of conflicts in a text of whose shared sentences no window is left whole."""

_MIN_NAMED = 4
"""Windows with names in the shared sentences from which their absence tells something."""

_WELL_COVERED = 0.8
"""Share of sentences from which the text is the same but for its headline."""

_ONE_TITLE_WORDS = 4
"""Shorter titles ("Daily briefing") head many articles."""

_MIN_AGREE = 2
"""Windows with the same names, from which a headline may be another one altogether."""

_SHORT_SHARED_WORDS = 60
"""With titles that differ, at least so many words must be shared in any case."""

_FACTS_COVERED = 0.95
"""With less of a copy covered, the rest may hold facts of its own."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a verdict is made from: the article and what the book says of it.

    The last three are the rows with the same address, guid and whole text, oldest first.
    """

    book: DedupeBook
    mine: Identity
    policy: DedupePolicy
    offset: int | None
    settled: list[Candidate] | None
    at_address: list[int]
    with_guid: list[int]
    with_content: list[int]

    @cached_property
    def likeness(self) -> Likeness:
        """How the text stands to those that are remembered; not asked for what is known by its address or whole text."""
        settled = self.settled
        if settled is None:
            settled = candidates.settled(self.book, [self.mine], self.policy)[0]
        every = [*settled, *candidates.recent(self.book, self.mine, self.policy)]
        earlier = [c for c in every if self.offset is None or c.offset < self.offset]
        return compare(self.book, self.mine, self.policy, earlier)

    def row(self, number: int) -> Row:
        """Return a row's fixed part."""
        return self.book.rows.row(number)

    def alike(self, number: int) -> list[Evidence]:
        """Return the evidence for texts of a row's cluster."""
        cluster = self.row(number).cluster
        return [e for e in self.likeness.evidence if e.cluster == cluster]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An outcome, why, the row it repeats, and whether facts may differ. ``covered`` is how much of the text is known."""

    outcome: Outcome
    reason: DedupeReason
    number: int | None = None
    changed_facts: bool = False
    covered: float = 0.0


def judge(
    book: DedupeBook,
    article: Article,
    policy: DedupePolicy = _DEFAULT,
    *,
    offset: int | None = None,
    preview: Preview | None = None,
) -> Step[Fingerprint, UniqueArticle]:
    """Return what dedupe says of an article, and the row to put. Never raises.

    ``offset`` is that of the article's raw record. If a row of that offset is in the book, its outcome is given again
    and nothing is judged; rows of later offsets are not looked at, so an article read again after a crash is judged as
    it was. ``exact`` leaves no row: what it repeats is already there. ``preview`` is what was looked up already.
    """
    seen = preview if preview and preview.is_true(book) else None
    mine = preview.mine if preview else identify(article)
    known = book.with_values(values(mine, offset), seen.same if seen else None)
    if known["offset"]:
        return _again(book, article, known["offset"][-1])
    case = Case(
        book=book,
        mine=mine,
        policy=policy,
        offset=offset,
        settled=seen.candidates if seen else None,
        at_address=_earlier(book, known["address"], offset),
        with_guid=_earlier(book, known["guid"], offset),
        with_content=_earlier(book, known["content"], offset),
    )
    verdict = decide(case)
    if verdict.outcome is Outcome.EXACT and verdict.number is not None:
        return _exact(book, article, verdict.number, verdict.reason)
    row = _row(case, article, verdict)
    return Step(rows=((row.key, row),), outputs=(_output(article, row),), reasons=(row.reason,))


def _earlier(book: DedupeBook, numbers: list[int], offset: int | None) -> list[int]:
    if offset is None:
        return numbers
    return [n for n in numbers if book.rows.cell(n, "offset") < offset]


def decide(case: Case) -> Verdict:
    """Return the verdict: by address, by whole text, by guid, by likeness, in this order."""
    found = _at_same_address(case) or _same_text(case) or _at_same_guid(case)
    if found:
        return found
    near = _near(case.likeness, case.policy)
    if near.outcome is Outcome.NEW and case.at_address:
        return Verdict(outcome=Outcome.NEW, reason=DedupeReason.SAME_ADDRESS_OTHER_STORY)
    return near


def _at_same_address(case: Case) -> Verdict | None:
    """Judge by the versions known at the address: the latest of a story decides, since a text may be changed back."""
    latest = {case.row(number).cluster: number for number in case.at_address}
    for number in sorted(latest.values(), reverse=True):
        if case.row(number).content == case.mine.content:
            return Verdict(
                outcome=Outcome.EXACT, reason=DedupeReason.SAME_ADDRESS_SAME_TEXT, number=number
            )
        if _is_revision(case, number):
            return _revised(case, number, DedupeReason.SAME_ADDRESS_CHANGED_TEXT)
    return None


def _is_revision(case: Case, number: int) -> bool:
    """Return whether a changed text at the same address still tells the same story."""
    likeness = max((max(e.covered, e.contained) for e in case.alike(number)), default=0.0)
    if likeness >= case.policy.same_address_likeness:
        return True
    return _titles_overlap(case, number) >= case.policy.title_overlap


def _at_same_guid(case: Case) -> Verdict | None:
    """A guid is weaker than an address: some feeds give one to all entries. The text must be alike and names agree."""
    for number in reversed(case.with_guid):
        alike = (
            e for e in case.alike(number) if max(e.covered, e.contained) >= case.policy.covered
        )
        if any(not _other_names(e, case.policy) for e in alike):
            return _revised(case, number, DedupeReason.SAME_GUID_CHANGED_TEXT)
    return None


def _same_text(case: Case) -> Verdict | None:
    """Judge by equal text elsewhere. Too short a text is no proof; an empty one is none at all."""
    mine = case.mine
    if mine.text_words < case.policy.min_exact_words:
        return None
    known = [n for n in case.with_content if _in_window(case, n)]
    if not known:
        return None
    outlet = case.book.source_numbers.get(mine.outlet, -1)
    own = [n for n in known if mine.outlet and case.row(n).source == outlet]
    if own:
        return Verdict(
            outcome=Outcome.EXACT, reason=DedupeReason.SAME_OUTLET_SAME_TEXT, number=own[-1]
        )
    return Verdict(
        outcome=Outcome.COPY,
        reason=DedupeReason.SAME_TEXT_OTHER_OUTLET,
        number=known[0],
        covered=1.0,
    )


def _near(likeness: Likeness, policy: DedupePolicy) -> Verdict:
    """Judge by likeness: the best evidence that passes every guard, or the reason why the best does not."""
    refused = DedupeReason.FIRST_SEEN
    for evidence in likeness.evidence:
        reason = refusal(evidence, likeness.telling_words, policy)
        if reason is None:
            return _copied(evidence)
        refused = reason if refused is DedupeReason.FIRST_SEEN else refused
    if refused is DedupeReason.FIRST_SEEN and likeness.telling_words < policy.min_words:
        refused = DedupeReason.TOO_SHORT
    return Verdict(outcome=Outcome.NEW, reason=refused)


def refusal(evidence: Evidence, telling_words: float, policy: DedupePolicy) -> DedupeReason | None:
    """Return why this evidence makes no copy, ``None`` where it does."""
    if not _much_shared(evidence, policy):
        return DedupeReason.FIRST_SEEN
    if telling_words < policy.min_words:
        return DedupeReason.TOO_SHORT
    if _other_names(evidence, policy):
        return DedupeReason.OTHER_NAMES_OR_PLACES
    if not _titles_agree(evidence, policy):
        return DedupeReason.OTHER_TITLE
    return None


def _much_shared(evidence: Evidence, policy: DedupePolicy) -> bool:
    """Return whether enough is shared, in either direction. Under one title less will do, as noise thins the windows."""
    one_title = evidence.title >= policy.one_title and evidence.title_words >= _ONE_TITLE_WORDS
    if one_title and not evidence.caseless and _shared_under_one_title(evidence, policy):
        return True
    if evidence.matched < _MIN_MATCHED:
        return False
    if evidence.caseless and evidence.dense < policy.caseless_dense:
        return False
    if not evidence.title_words and not _shared_without_title(evidence, policy):
        return False
    return evidence.covered >= policy.covered or evidence.contained >= policy.contained


def _shared_without_title(evidence: Evidence, policy: DedupePolicy) -> bool:
    """Return whether it is word for word, or holds half of the other: templates of press offices share less."""
    if min(evidence.covered, evidence.dense) >= _WORD_FOR_WORD:
        return True
    return (
        evidence.dense >= policy.dense_untitled and evidence.contained >= policy.contained_untitled
    )


def _shared_under_one_title(evidence: Evidence, policy: DedupePolicy) -> bool:
    """Return whether it is a part taken over word for word, or a whole with letters gone wrong."""
    word_for_word = min(evidence.covered, evidence.dense) >= _WORD_FOR_WORD
    if word_for_word and evidence.matched >= _MIN_MATCHED_OF_PART:
        return True
    return (
        evidence.matched > _MIN_MATCHED
        and evidence.contained >= policy.contained_one_title
        and evidence.covered >= policy.covered_one_title
    )


def _other_names(evidence: Evidence, policy: DedupePolicy) -> bool:
    """Return whether the shared words tell of others. Wrong letters spoil names too, and thin the windows as they do."""
    if _is_renamed(evidence):
        return True
    if evidence.conflict <= 1 and evidence.agree > 1:
        return evidence.conflict_share > policy.conflict_share_of_one
    if _is_noisy(evidence, policy):
        return evidence.conflict_share > policy.conflict_share_of_noise
    rare = evidence.dense_names < policy.names_found * evidence.dense
    if rare and evidence.named_inside >= _MIN_NAMED:
        return True
    if not evidence.agree and evidence.named:
        return True
    return evidence.conflict_share > policy.conflict_share + _NOISE_ALLOWED * (1 - evidence.dense)


def _is_renamed(evidence: Evidence) -> bool:
    """Return whether all but a name is word for word, and the title has a word of its own too: another place, say."""
    whole = min(evidence.covered, evidence.dense) >= _ALL_BUT_NAMES
    return whole and evidence.conflict > 0 and 0 < evidence.title < 1


def _is_noisy(evidence: Evidence, policy: DedupePolicy) -> bool:
    """Return whether it is one article with letters gone wrong: the very same title, and windows lost all over."""
    one_title = evidence.title >= policy.very_title and evidence.title_words >= _ONE_TITLE_WORDS
    return (
        one_title and evidence.contained < policy.contained and evidence.agree + evidence.half > 1
    )


def _titles_agree(evidence: Evidence, policy: DedupePolicy) -> bool:
    """Titles must share words; or enough text is shared, at another outlet, and the title speaks of that text."""
    if not evidence.title_words:
        return evidence.shared_words >= _SHORT_SHARED_WORDS
    if evidence.title >= policy.title_overlap:
        return True
    if evidence.same_outlet or not evidence.grounded:
        return False
    well = evidence.covered >= _WELL_COVERED and evidence.agree >= _MIN_AGREE
    if evidence.grounded < policy.grounded and not well:
        return False
    return evidence.shared_words >= (_SHORT_SHARED_WORDS if well else policy.title_free_words)


def _copied(evidence: Evidence) -> Verdict:
    other = evidence.other_figures or evidence.conflict > 0 or evidence.covered < _FACTS_COVERED
    # Without capitals neither names nor many figures are seen: a changed word may be either.
    changed = other or evidence.caseless
    reason = (
        DedupeReason.SAME_TEXT_OTHER_FIGURES
        if evidence.other_figures
        else DedupeReason.CONTAINED_TEXT
    )
    return Verdict(
        outcome=Outcome.COPY,
        reason=reason,
        number=evidence.number,
        changed_facts=changed,
        covered=evidence.covered,
    )


def _revised(case: Case, number: int, reason: DedupeReason) -> Verdict:
    """A revision's facts count as changed unless the text before it covers it with the same figures and title."""
    alike = case.alike(number)
    covered = max((e.covered for e in alike), default=0.0)
    known, sketch = case.book.remembered(number), case.mine.sketch
    same = (
        covered >= _FACTS_COVERED
        and known.title == sketch.title
        and known.figures == sketch.figures
        and not any(e.other_figures or e.conflict for e in alike)
    )
    return Verdict(
        outcome=Outcome.REVISION,
        reason=reason,
        number=number,
        changed_facts=not same,
        covered=covered,
    )


def _titles_overlap(case: Case, number: int) -> float:
    theirs, ours = case.book.remembered(number).title, case.mine.sketch.title
    words = {theirs[i : i + 2] for i in range(0, len(theirs), 2)}
    own = {ours[i : i + 2] for i in range(0, len(ours), 2)}
    shorter = min(len(words), len(own))
    return len(words & own) / shorter if shorter else float(not words and not own)


def _in_window(case: Case, number: int) -> bool:
    published, mine = case.row(number).published, case.mine.published_day
    return not published or not mine or abs(published - mine) <= case.policy.exact_window_days


def _row(case: Case, article: Article, verdict: Verdict) -> Fingerprint:
    """Return the row of an article. A copy that is known well keeps no windows: what it repeats has them."""
    known = None if verdict.number is None else case.book.remembered(verdict.number)
    keep = verdict.outcome is Outcome.NEW or verdict.covered < case.policy.store_below
    mine, sketch = case.mine, case.mine.sketch
    return Fingerprint(
        article_id=article.article_id,
        source=mine.outlet,
        outcome=verdict.outcome,
        reason=verdict.reason,
        cluster_id=known.cluster_id if known else cluster_id(mine.cluster),
        origin=(known.origin if known else "") or article.source,
        content=mine.content,
        day=mine.day or case.book.today,
        duplicate_of=ArticleId(known.article_id) if known else None,
        changed_facts=verdict.changed_facts,
        offset=case.offset,
        address=mine.address,
        guid=mine.guid,
        published_day=mine.published_day,
        words=min(sketch.words, MAX_WORDS),
        rate=sketch.rate,
        windows=sketch.windows.tobytes() if keep else b"",
        title=sketch.title,
        figures=sketch.figures,
    )


def _output(article: Article, row: Fingerprint) -> UniqueArticle:
    return UniqueArticle(
        article=article,
        outcome=row.outcome,
        reason=row.reason,
        cluster_id=row.cluster_id,
        duplicate_of=row.duplicate_of,
        origin=row.origin,
        changed_facts=row.changed_facts,
    )


def _exact(
    book: DedupeBook, article: Article, number: int, reason: DedupeReason
) -> Step[Fingerprint, UniqueArticle]:
    row = book.remembered(number)
    output = UniqueArticle(
        article=article,
        outcome=Outcome.EXACT,
        reason=reason,
        cluster_id=row.cluster_id,
        duplicate_of=row.article_id,
        origin=row.origin,
    )
    return Step(outputs=(output,), reasons=(reason,))


def _again(book: DedupeBook, article: Article, number: int) -> Step[Fingerprint, UniqueArticle]:
    row = book.remembered(number)
    return Step(outputs=(_output(article, row),), reasons=(row.reason,))
