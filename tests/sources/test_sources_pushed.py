"""Posts that another program hands in: each good or refused by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.sources.pushed import MOST, Handed, read

GOOD = {"id": 7, "text": "Das <b>Wasser</b> ist gut", "url": "https://a.example/1", "lang": "de-DE"}


def lines(*things: object) -> bytes:
    return "\n".join(json.dumps(thing) for thing in things).encode()


def test_lines_and_arrays_and_one_object_say_the_same() -> None:
    ways: list[tuple[object, str]] = [
        ([GOOD], "application/json"),
        ({"posts": [GOOD]}, "application/json; charset=utf-8"),
        (GOOD, "application/json"),
        ([GOOD], ""),
        (GOOD, "application/x-ndjson"),
    ]
    found = [read(json.dumps(body).encode(), kind) for body, kind in ways]
    assert all(one == found[0] for one in found)
    (post,) = found[0].posts
    assert (post.key, post.text, post.lang) == ("7", "Das Wasser ist gut", "de")


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "JSON"),
        (b"\xff", "UTF-8"),
        (b"[1]", "JSON"),
        (b'{"text": 3}', "text"),
        (b'{"id": "1"}', "text"),
        (b'{"text": " "}', "text"),
        (b'{"text": "x", "id": true}', "id"),
        (b'{"text": "x", "published": "gestern"}', "published"),
        (b'{"text": "x", "reach": -1}', "reach"),
        (b'{"text": "x", "reach": 1.5}', "reach"),
        (b'{"text": "x", "author": ["a"]}', "author"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_taken(line: bytes, word: str) -> None:
    handed = read(lines(GOOD) + b"\n" + line + b"\n\n" + lines({"text": "zwei"}))
    assert [post.text for post in handed.posts] == ["Das Wasser ist gut", "zwei"]
    (refused,) = handed.refused
    assert refused.line == 2
    assert word in refused.de
    assert word in refused.en


def test_what_tells_posts_apart_where_there_is_no_id() -> None:
    by_url, by_text, again = read(
        lines({"text": "a", "url": "https://a.example/"}, {"text": "a"}, {"text": "a"})
    ).posts
    assert by_url.key == "https://a.example/"
    assert by_text.key == again.key != by_url.key


def test_times_are_understood_and_addresses_that_are_none_are_left_out() -> None:
    (post,) = read(
        lines({"text": "a", "published": "2026-11-30T13:00:00+01:00", "url": "javascript:alert(1)"})
    ).posts
    assert post.published == datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert post.url == ""


def test_too_many_are_refused_as_a_whole() -> None:
    with pytest.raises(InvalidInputError, match=str(MOST)):
        read(b'{"text": "x"}\n' * (MOST + 1))
    assert len(read(b'{"text": "x"}\n' * MOST).posts) == MOST


def test_json_that_is_none_is_refused_as_a_whole() -> None:
    with pytest.raises(InvalidInputError, match="JSON"):
        read(b"[{]", "application/json")


@given(st.binary(max_size=200), st.sampled_from(["", "application/json", "application/x-ndjson"]))
def test_any_bytes_are_posts_or_refused(body: bytes, kind: str) -> None:
    try:
        handed = read(body, kind)
    except InvalidInputError:
        return
    assert isinstance(handed, Handed)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=5))
def test_any_value_of_any_field_is_taken_or_refused(value: object) -> None:
    for name in ("id", "text", "url", "author", "published", "lang", "place", "reach"):
        handed = read(lines({"text": "x", name: value}))
        assert len(handed.posts) + len(handed.refused) == 1
