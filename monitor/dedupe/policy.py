"""The settings of dedupe's judgement, each with where its value comes from.

The values were chosen on the generated stream of ``benchmarks/dedupe.py``; ``tests/dedupe/test_stream_quality.py``
fails if a change of one of them loses what it is there for.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupePolicy:
    """What counts as the same text. Shares are between 0 and 1, words are counted without furniture."""

    text_window_days: int = 7
    """Texts are compared when published at most so far apart: syndication is over within a week."""

    exact_window_days: int = 30
    """Addresses, guids and whole texts are remembered so long: feeds keep entries for weeks."""

    min_words: int = 25
    """Shorter texts are never joined by likeness: two briefs share their few words by chance."""

    min_exact_words: int = 8
    """One outlet's same text at another address needs so many words to be the same article ("Watch live")."""

    covered: float = 0.5
    """Share of sentences found in the other text, in either direction, from which it is a copy."""

    contained: float = 0.7
    """Share of the other's windows found here, from which the other is contained in this text."""

    one_title: float = 0.6
    """Share of the shorter title's words from which two titles are one."""

    covered_one_title: float = 0.25
    """Share of sentences covered under one title: at 3 % of characters wrong, a third of the windows is left."""

    contained_one_title: float = 0.15
    """Share of the other's windows found here that must go with it: two outlets' own reports share less."""

    dense_untitled: float = 0.4
    """Share of the windows of shared sentences that must be found where a title is missing: templates share less."""

    contained_untitled: float = 0.5
    """Share of the other's windows that must be found where a title is missing, unless the text is taken word for word."""

    names_found: float = 0.4
    """Names must be found in the shared sentences half as often as other windows: a template's names are gone."""

    caseless_dense: float = 0.8
    """Share of the windows of shared sentences that must be found in texts without capitals: each other name breaks five."""

    conflict_share: float = 0.3
    """Share of the windows with names that hold other names, from which it is another incident told in the same words."""

    conflict_share_of_one: float = 0.5
    """The same where no more than one window disagrees: it may be a spelling."""

    conflict_share_of_noise: float = 0.67
    """The same for one article with letters gone wrong, told by its title and the windows lost all over."""

    very_title: float = 0.85
    """Share of the shorter title's words from which two titles are the very same."""

    title_overlap: float = 0.4
    """Share of the shorter title's words that the other must have for titles to agree."""

    title_free_words: int = 150
    """Titles may differ where so many words are shared and the title's words stand in them."""

    grounded: float = 0.34
    """Share of a title's words that must stand in the shared sentences where titles differ."""

    same_address_likeness: float = 0.3
    """Share of windows in common from which a changed text at the same address is a revision; else titles must agree."""

    furniture_repeats: int = 3
    """A window that so many of one outlet's other stories hold is furniture."""

    stock_repeats: int = 8
    """A window that so many different stories of any outlet hold is a stock phrase."""

    max_candidates: int = 6
    """How many articles are compared in full."""

    store_below: float = 0.6
    """A copy's windows are kept only where less of it than this is known already: copies then cost almost nothing."""
