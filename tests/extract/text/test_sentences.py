"""Furniture is left out, wire text is repaired, and no character moves."""

import pytest

from monitor.extract.text import furniture, nlp, recase, sentences

COMMON = frozenset(
    "guerrillas attacked the army garrison in yesterday killing three soldiers of and near a it was said".split()
)


@pytest.mark.parametrize(
    "line",
    [
        "READ: Army says it foiled a plot",
        "Leave a comment",
        "Share this article on Facebook",
        "Sign up for our newsletter",
        "Photo: a street in Aleppo",
        "Soldiers at the gate [Some Name/Anadolu Agency]",
        "By Jane Doe",
        "December 25, 2020 at 4:02 am",
        "Radio radio icon",
        "Copyright 2024, all rights reserved",
        "https://example.org/story",
        "***",
    ],
)
def test_page_furniture_is_told_from_text(line):
    assert furniture.is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Gunmen killed three people in Kano on Monday.",
        "By Monday the toll had risen to 14, the ministry said.",
        "Photographs showed a burning bus.",
        "Share prices fell in Tokyo after the blast.",
        "Advertisement boards were torn down when the bomb went off.",
    ],
)
def test_sentences_of_the_article_are_no_furniture(line):
    assert not furniture.is_furniture(line)


def test_wrapped_lines_become_one_paragraph_and_offsets_stay():
    text = (
        "Gunmen on motorcycles opened fire on a crowd leaving a mosque\n"
        "in the town on Friday night and killed eight people, officials\nsaid.\n\nA second paragraph."
    )
    found = sentences.blocks("", text, COMMON)
    assert [b.paragraph for b in found] == [1, 2]
    assert all(text[b.offset : b.offset + len(b.text)].replace("\n", " ") == b.text for b in found)


def test_a_heading_between_paragraphs_stands_alone():
    text = "The minister spoke in Madrid on Tuesday about the budget and the roads.\nAmerican strikes\nOn Tuesday it was said."
    assert [b.text for b in sentences.blocks("", text, COMMON)][1] == "American strikes"


def test_the_title_repeated_in_the_text_is_read_once():
    found = sentences.blocks("Bomb in Homs", "Bomb in Homs\n\nIt went off at noon.", COMMON)
    assert [b.field for b in found] == ["title", "text"]


def test_markup_is_blanked_in_place():
    text = "<p>Two &amp; three <b>killed</b></p><script>attack()</script><p>Next</p>"
    plain = sentences.plain(text)
    assert len(plain) == len(text)
    assert "attack" not in plain
    assert plain.split() == ["Two", "&", "three", "killed", "Next"]
    assert plain.index("killed") == text.index("killed")


def test_capitals_become_words_and_names():
    text = "GUERRILLAS ATTACKED THE ARMY GARRISON IN SAN MIGUEL YESTERDAY. IT WAS [FMLN] SAID."
    assert recase.in_capitals(text)
    assert recase.recase(text, COMMON) == (
        "Guerrillas attacked the army garrison in San Miguel yesterday. It was [FMLN] said."
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("TWO BOMBS WENT OFF ON 11 MAY IN LIMA.", "May"),
        ("LIMA, 12 MAY 90, TWO BOMBS WENT OFF.", "May"),
        ("AT LEAST 11 MAY HAVE BEEN IN THE GARRISON.", "may"),
    ],
)
def test_may_in_capitals_is_a_month_or_a_verb(text, word):
    assert word in recase.recase(text, COMMON | {"may", "have", "been"}).split()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Two men were shot in Salem at 8:24 p.m. Monday, police said.", 1),
        ("Two men were shot in Salem at 8:24 p.m. Monday was quiet.", 2),
        ("Two men were shot in Salem at 8:24 p.m. Nobody was held.", 2),
    ],
)
def test_the_stop_of_an_hour_ends_no_sentence_before_its_day(assembled, text, count):
    assert len(assembled(text).reading.sentences) == count


def test_a_headline_with_an_acronym_is_not_in_capitals():
    assert not recase.in_capitals("UN and EU envoys meet in Geneva")


def test_control_characters_and_direction_marks_do_not_reach_the_parser():
    assert sentences.plain("a\x00b\u202ec\ufeffd") == "a b c d"


def test_the_pipeline_reads_what_the_blocks_give():
    found = sentences.blocks("A title", "First one. Second one.", COMMON)
    docs = list(nlp.parse(nlp.load(), [b.text for b in found]))
    assert [d.text for d in docs] == [b.text for b in found]
