"""Read articles into reports: the public face of the package.

An `Extractor` holds the trained pipeline and a policy and no other state, so one a process is enough
and the order of articles changes nothing. Articles are parsed in batches within a memory zone of
spaCy, so that a process can read for months.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from monitor.extract import assemble
from monitor.extract.policy import Policy
from monitor.extract.text import language, nlp, sentences, vocabulary
from schemas.article import Article
from schemas.reasons import ReportReason
from schemas.report import Report

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

    from monitor.extract.assemble import Assembly
    from monitor.extract.text.sentences import Block

NAME = "news-monitor/1"
ENGLISH = "en"
# Eight articles of 500 words fill the parser's batch; more only add to the wait of the first.
BATCH_ARTICLES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article cut to its limits and into blocks, with the reason why it is not read, if so."""

    article: Article
    blocks: tuple[Block, ...]
    language: str | None
    reason: ReportReason | None
    truncated: bool


class Extractor:
    """Reads articles. `load` makes one; `read` and `read_many` give the same reports."""

    def __init__(self, pipeline: Language, policy: Policy) -> None:
        """Take the trained pipeline and the settings."""
        self._nlp = pipeline
        self._policy = policy
        lemmatizer: Any = pipeline.get_pipe(
            "table_lemmatizer"
        )  # spaCy types pipes as plain callables
        forms: dict[str, str] = lemmatizer.forms
        self._forms = frozenset(key.split(" ", 1)[1] for key in forms)
        self._common = vocabulary.Vocabulary(self._forms)

    @classmethod
    def load(cls, policy: Policy | None = None) -> Extractor:
        """Return an extractor with the pipeline that is shipped in the package.

        Raises:
            OSError: The package holds no trained pipeline.
        """
        return cls(nlp.load(), policy or Policy())

    def read(self, article: Article) -> Report:
        """Return what the article says. Any text gives a report; ``reason`` tells why one is empty."""
        return next(self.read_many([article]))

    def read_many(self, articles: Iterable[Article]) -> Iterator[Report]:
        """Yield a report for each article, in order, parsed in batches."""
        rest = iter(articles)
        while batch := list(islice(rest, BATCH_ARTICLES)):
            with self._nlp.memory_zone():
                reports = [assembly.report for assembly in self._assemblies(batch)]
            yield from reports

    def assembly(self, article: Article) -> Assembly:
        """Return the report with what it was made from. It holds parses: keep it no longer than needed."""
        return next(self._assemblies([article]))

    def _assemblies(self, articles: list[Article]) -> Iterator[Assembly]:
        prepared = [self._prepare(article) for article in articles]
        docs = nlp.parse(self._nlp, (block.text for p in prepared for block in p.blocks))
        for one in prepared:
            yield self._assemble(one, list(islice(docs, len(one.blocks))))

    def _prepare(self, article: Article) -> Prepared:
        policy = self._policy
        title, text = article.title[: policy.max_title_chars], article.text[: policy.max_chars]
        truncated = (len(title), len(text)) != (len(article.title), len(article.text))
        sample = sentences.plain(text) if text.strip() else sentences.plain(title)
        told = language.detect(sample) if sample.strip() else None
        if told not in policy.languages and (
            language.is_written_with(sample, self._forms)
            or language.is_headline_of(sample.strip(), self._common)
        ):
            told = ENGLISH
        reason = language.refuse(sample, told, policy.languages, policy.min_language_chars)
        blocks = () if reason else sentences.blocks(title, text, self._common)
        return Prepared(
            article=article, blocks=blocks, language=told, reason=reason, truncated=truncated
        )

    def _assemble(self, prepared: Prepared, docs: list[Doc]) -> Assembly:
        reading = sentences.reading(
            prepared.article, prepared.blocks, docs, prepared.language, self._policy.max_sentences
        )
        reason = prepared.reason or (ReportReason.TRUNCATED if prepared.truncated else None)
        return assemble.assemble(reading, self._policy, NAME, reason)
