"""An article is cut where facts were read, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.board.evidence import cut
from schemas.report import Evidence

mark = st.builds(
    Evidence,
    start=st.integers(-3, 40),
    end=st.integers(-3, 40),
    fact=st.sampled_from(["killed", "place", "sentence"]),
)


@given(st.text(max_size=30), st.lists(mark, max_size=6))
def test_the_pieces_are_the_text_and_bear_every_mark(text, marks):
    pieces = cut(text, marks)
    assert "".join(piece.text for piece in pieces) == text
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        assert piece.text
        assert set(piece.facts) == {m.fact for m in marks if max(m.start, 0) <= at and end <= min(m.end, len(text)) and m.start < m.end}  # fmt: skip
        at = end


def test_characters_outside_the_basic_plane_do_not_shift_a_mark():
    text = "🕊 four killed 🕊"
    start = text.index("four")
    pieces = cut(text, [Evidence(start=start, end=start + 4, fact="killed")])
    assert [p.text for p in pieces if p.facts] == ["four"]
