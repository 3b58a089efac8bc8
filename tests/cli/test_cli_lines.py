"""Lines of JSON are read quickly, and as Python's own reader would read them."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crisis.cli.lines import Complaints, Line, read_lines


def said(raw: bytes) -> tuple[list[Line], list[str]]:
    complaints: list[str] = []
    batches = read_lines(io.BytesIO(raw), "posts", Complaints(tell=complaints.append))
    return [line for batch in batches for line in batch], complaints


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9))
POSTS = st.fixed_dictionaries(
    {"id": VALUES, "text": VALUES}, optional={"lang": VALUES, "more": st.lists(VALUES, max_size=3)}
)


@given(POSTS)
@example({"id": 2**70, "text": "x"})  # beyond what the fast reader takes for a whole number
@example({"id": "a", "text": "\ud800"})  # half a character
@example({"id": "a", "text": "x", "more": [math.inf]})
def test_the_fast_reader_takes_and_refuses_what_pythons_own_does(post: dict[str, Any]) -> None:
    lines, complaints = said(json.dumps(post).encode() + b"\n")
    key, text, lang = post["id"], post["text"], post.get("lang") or ""
    good = (
        isinstance(key, (str, int))
        and not isinstance(key, bool)
        and bool(str(key).strip())
        and isinstance(text, str)
        and bool(text.strip())
        and isinstance(lang, str)
    )
    assert (len(lines), len(complaints)) == (int(good), int(not good))
    if good:
        assert (lines[0].id, lines[0].text, lines[0].lang) == (str(key), text, lang)


@pytest.mark.parametrize("form", ["utf-16", "utf-32-le"])
def test_another_encoding_without_line_ends_is_read_as_before(form: str) -> None:
    lines, complaints = said('{"id": "a", "text": "Ana"}'.encode(form))
    assert [line.text for line in lines] == ["Ana"]
    assert not complaints
