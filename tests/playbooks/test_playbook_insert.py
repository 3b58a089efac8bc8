"""A picture is put into a header however its pictures were written there, and nothing else changes."""

from __future__ import annotations

import pytest
from builders import PLAYBOOK
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.playbooks.insert import with_picture
from crisis.playbooks.parse import parse

FILE, ALT = "bilder/neu.png", "Achtung: ein #Damm, 'hoch'"


def pictures(text: str) -> list[tuple[str, str, str]]:
    return [(p.file, p.alt, p.source) for p in parse("x", text).pictures]


@pytest.mark.parametrize(
    ("field", "before"),
    [
        ("", []),
        ("bilder:\n", []),
        ("bilder: []\n", []),
        ("bilder: [bilder/a.png]\n", [("bilder/a.png", "", "")]),
        ("bilder:\n- datei: bilder/a.png\n  alternativtext: A\n", [("bilder/a.png", "A", "")]),
        ("bilder:\n  - {datei: bilder/a.png, quelle: Amt}\n", [("bilder/a.png", "", "Amt")]),
        ("bilder:\n  - a.png\n\n  - b.jpg\n", [("a.png", "", ""), ("b.jpg", "", "")]),
        ("pictures:\n  - file: bilder/a.png\n    alt: A\n", [("bilder/a.png", "A", "")]),
        (f"bilder:\n  - datei: {FILE}\n    alternativtext: alt\n", []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("last", [False, True])
def test_it_becomes_the_last_picture(
    field: str, before: list[tuple[str, str, str]], *, last: bool
) -> None:
    head, rest = PLAYBOOK.split("---\n## Lage")
    text = (
        f"{head}{field}---\n## Lage{rest}"
        if last
        else PLAYBOOK.replace("sprache:", f"{field}sprache:")
    )
    made = with_picture(text, FILE, ALT, "Amt")
    assert pictures(made) == [*before, (FILE, ALT, "Amt")]
    assert made.split("## Lage")[1] == text.split("## Lage")[1]
    assert parse("x", made).title == parse("x", text).title


@pytest.mark.parametrize("text", ["", "Nur Text.", "---\ntitel: x\n", "kein Kopf\n---\nx"])
def test_without_a_header_people_are_told_where_the_picture_is(text: str) -> None:
    with pytest.raises(InvalidInputError, match=r"neu\.png"):
        with_picture(text, FILE, ALT)


@pytest.mark.parametrize("alt", ["", "  \n ", "x" * 1001])
def test_no_picture_without_words(alt: str) -> None:
    with pytest.raises(InvalidInputError):
        with_picture(PLAYBOOK, FILE, alt)


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=120))
def test_whatever_is_written_the_picture_is_there_or_refused(
    alt: str, source: str, head: str
) -> None:
    text = f"---\n{head}\n{PLAYBOOK.removeprefix('---')}"
    try:
        made = with_picture(text, FILE, alt, source)
    except InvalidInputError:
        return
    assert FILE in made
