"""The map's lines are cut down without moving where they meet."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.board import outlines
from monitor.board.outlines import Atlas, coarser, encode, provinces, read, simplified

degrees = st.tuples(st.floats(-180, 180), st.floats(-84, 84))


def distance(point, one, other):
    (px, py), (ax, ay), (bx, by) = point, one, other
    dx, dy = bx - ax, by - ay
    length = dx * dx + dy * dy
    if not length:
        return ((px - ax) ** 2 + (py - ay) ** 2) ** 0.5
    return abs(dy * (px - ax) - dx * (py - ay)) / length**0.5


@given(st.lists(degrees, min_size=2, max_size=40, unique=True), st.floats(0.001, 5))
def test_a_line_keeps_its_ends_and_every_point_stays_near_it(line, within):
    kept = simplified(line, within)
    assert (kept[0], kept[-1]) == (line[0], line[-1])
    place = 0
    for one, other in pairwise(kept):
        end = line.index(other, place + 1)
        assert all(distance(p, one, other) <= within + 1e-9 for p in line[place : end + 1])
        place = end


def test_a_straight_line_is_its_two_ends():
    assert simplified([(n / 10, n / 10) for n in range(50)], 0.001) == [(0.0, 0.0), (4.9, 4.9)]


def test_lines_that_met_still_meet():
    shared = ((0, 0), (100, 7), (200, 0))
    atlas = Atlas(
        (0.013, 0.013), (0.0, 0.0), [shared, ((200, 0), (300, 300)), ((0, 0), (0, 300))], []
    )
    cut = coarser(atlas).lines
    assert cut[0][-1] == cut[1][0]
    assert cut[0][0] == cut[2][0]


@pytest.mark.parametrize("quantised", [True, False])
def test_of_provinces_the_lines_between_two_are_kept(tmp_path, quantised):
    """Two squares that share the line from (1, 0) to (1, 1)."""
    points = [[(1, 0), (1, 1)], [(1, 1), (0, 1), (0, 0), (1, 0)], [(1, 1), (2, 1), (2, 0), (1, 0)]]
    document = {
        "arcs": [steps(line) for line in points] if quantised else points,
        "objects": {
            "units": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "West"}},
                    {"type": "Polygon", "arcs": [[-1, 2]], "properties": {"name": "East"}},
                ]
            }
        },
    }
    if quantised:
        document["transform"] = {"scale": [1, 1], "translate": [40, 30]}
    (tmp_path / "IRQ.json").write_text(json.dumps(document))
    (tmp_path / "XXX.json").write_text(json.dumps(document))
    found = provinces(tmp_path)
    west, south = (40, 30) if quantised else (0, 0)
    line = tuple((round((west + 181) / 0.02), round((south + 90 + y) / 0.02)) for y in (0, 1))
    assert found["countries"] == {"IQ": [encode(line)]}


def steps(line):
    before = [(0, 0), *line]
    return [(x - px, y - py) for (px, py), (x, y) in zip(before, line, strict=False)]


def test_a_document_is_read_as_topojson_says():
    document = {
        "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
        "arcs": [[[0, 0], [2, 4], [1, -1]]],
        "objects": {"units": {"geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"name": "A"}}]}},
    }  # fmt: skip
    atlas = read(document, "units")
    assert atlas.lines == [((0, 0), (2, 4), (3, 3))]
    assert outlines.neighbours(atlas) == {0: {"A"}}
