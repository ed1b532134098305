"""Windows: the same for the same words, whoever they tell of; and names and figures set apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedupe import words
from monitor.dedupe.sketch import NAMES, SAMPLE, sketch, sketches

TWIN = {
    "Tal Afar": "Baquba",
    "Nineveh": "Diyala",
    "Sinjar": "Khalis",
    "Mahmoud Al-Jubouri": "Hassan Karim",
}


def swapped(text, changes):
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


texts = st.one_of(
    st.text(max_size=200),
    st.lists(
        st.sampled_from(
            "The Mosul police said . four 11 al Qaim men went Tal Afar and \n".split(" ")
        ),
        max_size=90,
    ).map(" ".join),
)


def numbered_anew(sentences):
    return [sentences.index(s) for s in sentences]


def hashes(sketched):
    return {int(w) >> 33 for w in sketched.windows}


def test_other_names_leave_the_windows_and_change_what_they_hold(text):
    one, other = sketch("", text), sketch("", swapped(text, TWIN))
    assert len(hashes(one) & hashes(other)) >= 0.9 * len(hashes(one))
    held = {int(w) >> 33: int(w & NAMES) for w in one.windows}
    theirs = {int(w) >> 33: int(w & NAMES) for w in other.windows}
    named = [h for h in held.keys() & theirs.keys() if held[h]]
    assert len(named) >= 5
    assert sum(held[h] != theirs[h] for h in named) >= 0.6 * len(named)


def test_another_figure_changes_nothing_but_figures(text):
    one, other = sketch("", text), sketch("", text.replace("four", "six").replace("11", "15"))
    assert hashes(one) == hashes(other)
    assert {int(w & NAMES) for w in one.windows} == {int(w & NAMES) for w in other.windows}
    assert one.figures != other.figures


def test_a_part_s_windows_are_the_whole_s(text):
    """Containment: every sentence of a cut copy is found in the original."""
    whole, part = sketch("", text), sketch("", text[: text.index("No group")])
    coarse = {
        int(w) >> 33
        for w, level in zip(part.windows, part.level, strict=True)
        if level >= whole.rate
    }
    assert len(coarse & hashes(whole)) >= 0.9 * len(coarse)


def test_order_of_paragraphs_does_not_matter(text):
    lines = text.split("\n")
    assert hashes(sketch("", text)) == hashes(sketch("", "\n".join(reversed(lines))))


@pytest.mark.parametrize("times", [1, 3, 30, 300])
def test_the_sample_is_bounded(text, times):
    varied = "\n".join(
        text.replace("people", f"people{'x' * i}").replace("market", f"ma{'b' * i}rket")
        for i in range(times)
    )
    assert len(sketch("", varied).windows) <= SAMPLE


def test_numbers_in_words_and_digits_are_one_figure():
    assert sketch("", "They found four men").figures == sketch("", "They found 4 men").figures


def test_thousands_are_one_figure():
    assert sketch("", "some 1,200 men").figures == sketch("", "some 1200 men").figures


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Police in Mosul said so.", ["mosul"]),
        ("The man left. He went to Erbil.", ["erbil"]),
        ("He met Gen. Smith there.", ["gen", "smith"]),
        ("it fell near al Qaim at night", []),
        ("Troops of the U.S. army left Deir ez Zor.", ["u.s", "deir", "ez", "zor"]),
        ("Nineveh's governor met Sinjar's mayor", ["sinjar"]),
    ],
)
def test_names_are_told_by_capitals_inside_a_sentence(text, names):
    read = words.read([text + " and then some more plain words follow it here" * 2])
    low = [w.strip(".,").removesuffix("'s").lower() for w in text.split()]
    if names:
        assert [low[i] for i in np.flatnonzero(read.name) if i < len(low)] == names
    else:
        assert not read.caseless.any() or not read.name.any()


@pytest.mark.parametrize(
    "text",
    [
        "انفجرت سيارة مفخخة في سوق مزدحم في بغداد " * 9,
        "爆炸发生在市场附近，造成四人死亡。" * 9,
        "ระเบิดในตลาด " * 9,
    ],
)
def test_scripts_without_capitals_have_windows_and_no_names(text):
    read = sketch("", text)
    assert read.caseless
    assert len(read.windows) > 0
    assert not any(read.named)


def test_all_capitals_tell_no_names(text):
    assert sketch("", text.upper()).caseless


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=600))
def test_any_text_has_a_sketch(title, text):
    read = sketch(title, text)
    assert len(read.windows) == len(read.level) == len(read.sentence) <= SAMPLE
    assert (np.diff(read.windows.astype(object)) >= 0).all() if len(read.windows) > 1 else True


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), texts), max_size=6), st.sampled_from([50, 10**5]))
def test_sketches_made_together_are_those_made_alone(articles, together):
    """Nothing runs over from one text to the next: no sentence, no name, no share of capitals."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(words, "MAX_CHARS", together)
        made = list(sketches(articles))
        alone = [sketch(title, text) for title, text in articles]
    for one, other in zip(made, alone, strict=True):
        assert (one.rate, one.title, one.figures) == (other.rate, other.title, other.figures)
        assert (one.caseless, one.heading) == (other.caseless, other.heading)
        assert one.windows.tolist() == other.windows.tolist()
        assert (one.level, one.named) == (other.level, other.named)
        assert one.hashes.tolist() == other.hashes.tolist()
        assert numbered_anew(one.sentence) == numbered_anew(other.sentence)
