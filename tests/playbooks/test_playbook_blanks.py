"""Blanks are found and filled, and no value can do more than be read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from crisis.errors import InvalidInputError
from crisis.playbooks.blanks import blanks, escape, fill, fill_plain, malformed
from crisis.playbooks.render import to_text

visible = st.text(min_size=1, max_size=60).filter(lambda value: bool(value.strip()))
nasty = st.text("{}\\*_`[]()<>#-+=|!&~^:. 1abo\n", min_size=1, max_size=40).filter(
    lambda value: bool(value.strip())
)


def test_blanks_are_named_once_and_in_order() -> None:
    assert blanks("{{ b }} {{a}} {{	b }} {{ B }} {{ }} { c }") == ["b", "a"]


def test_what_only_looks_like_a_blank_is_found() -> None:
    text = "{{ gut }} {{ Nicht Gut }} {gut} {{gut }} }} {{ { egal }"
    assert [piece for _, piece in malformed(text, ["gut"])] == [
        "{{ Nicht Gut }}",
        "{gut}",
        "}}",
        "{{",
    ]
    assert malformed("{gut}") == []


def test_values_are_shown_as_typed() -> None:
    assert to_text(fill("In {{ ort }}.", {"ort": "*Nord* & <b>Süd</b> [x](y) 1_000"})) == (
        "In *Nord* & <b>Süd</b> [x](y) 1_000."
    )


def test_a_missing_value_is_refused_by_name() -> None:
    for fill_in in (fill, fill_plain):
        with pytest.raises(InvalidInputError, match="a, c") as caught:
            fill_in("{{ a }} {{ b }} {{ c }}", {"a": " ", "b": "x"})
        assert "a, c" in caught.value.de


def test_line_breaks_stay_only_where_they_may() -> None:
    values = {"a": " eins \r\n\n zwei"}
    assert to_text(fill("{{ a }}", values)) == "eins zwei"
    assert to_text(fill("{{ a }}", values, breaks=["a"])) == "eins\nzwei"


def test_a_title_is_filled_without_escaping() -> None:
    assert fill_plain("{{ ort }}:  sicher", {"ort": "Nord*\nSüd"}) == "Nord* Süd: sicher"


def shape(markdown: str) -> list[str]:
    """The elements a Markdown text is made of, without its words."""
    found = []
    for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown):
        found.append(token.type)
        found += [child.type for child in token.children or () if "text" not in child.type]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "{{ a }}",
        "In {{ a }} ist es **{{ b }}**, sagt das [Labor](https://x.example).",
        "- {{ a }}\n- {{ b }}",
        "### {{ a }}\n\n> {{ b }} und {{ a }}",
        "{{ a }}{{ b }}",
        "1. x {{ a }}\n\n{{ b }}",
        "| {{ a }} | x |\n|---|---|\n| {{ b }} | y |",
    ],
)
@given(a=visible | nasty, b=nasty)
@example(a="[x", b="](javascript:1)")
@example(a="1. a", b="- b")
@example(a="===", b="---")
@example(a="<!--", b="-->")
@example(a="`", b="`")
@example(a="&lt;script&gt;", b="\\")
@example(a="https://evil.example", b="a@evil.example")
def test_a_value_adds_no_markup(text: str, a: str, b: str) -> None:
    filled = fill(text, {"a": a, "b": b})
    # Words stand beside emphasis without changing what it is; punctuation might undo the author's
    # own emphasis, which is ugly but not an injection: so nothing may be there that was not before.
    plain = shape(fill(text, {"a": "x", "b": "x"}))
    for kind in set(shape(filled)):
        assert shape(filled).count(kind) <= plain.count(kind), (kind, filled)


@given(
    text=st.text("{} abc\\\n", max_size=60),
    values=st.fixed_dictionaries(dict.fromkeys(("a", "b", "c", "ab"), visible | nasty)),
)
@example(text="{{ {{a}} }}", values={"a": "b", "b": "x", "c": "x", "ab": "x"})
@example(text="\\{{a}}", values={"a": "{{b}}", "b": "x", "c": "x", "ab": "x"})
@example(text="{{{a}}}", values={"a": "{b}", "b": "x", "c": "x", "ab": "x"})
def test_no_blank_is_left(text: str, values: dict[str, str]) -> None:
    everything = {**dict.fromkeys(blanks(text), "x"), **values}
    assert blanks(fill(text, everything)) == []


@given(visible)
def test_an_escaped_value_reads_as_it_was(value: str) -> None:
    shown = to_text(escape(value))
    expected = " ".join(value.split()).replace("\x00", "\ufffd")
    assert shown.split() == expected.split()
