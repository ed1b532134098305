"""``dedupe -``: one answer a line, each before the next line is read, and no line stops it."""

import json

import pytest

from monitor.dedupe.stream import answers

LINE = {
    "id": "1",
    "title": "T",
    "text": "a b c",
    "url": "https://example.org/1",
    "source": "A",
    "published": "2026-03-01",
}


def told(lines):
    return [json.loads(a) for a in answers(lines)]


def test_an_answer_is_given_before_the_next_line_is_read():
    """A caller that writes a line and waits for its answer must not wait for ever."""
    read = []

    def lines():
        for number in range(3):
            read.append(number)
            yield json.dumps(LINE | {"id": str(number), "url": f"https://example.org/{number}"})

    given = answers(lines())
    for number in range(3):
        assert json.loads(next(given))["id"] == str(number)
        assert read == list(range(number + 1))


def test_an_answer_names_outcome_cluster_and_what_it_repeats():
    first, second = told([json.dumps(LINE), json.dumps(LINE | {"id": "2"})])
    assert first["outcome"] == "new"
    assert first["duplicate_of"] is None
    assert (second["outcome"], second["duplicate_of"]) == ("exact", "1")
    assert second["cluster_id"] == first["cluster_id"]


@pytest.mark.parametrize(
    "line", ["{", "[]", "5", '{"id": 5}', b"\xff\xfe", '"x"', '{"text": ["x"]}']
)
def test_a_line_that_is_no_article_is_answered_and_the_next_is_read(line):
    wrong, right = told([line, json.dumps(LINE)])
    assert wrong["error"]
    assert right["outcome"] == "new"


def test_empty_lines_are_passed_over():
    assert len(told(["", "\n", json.dumps(LINE)])) == 1
