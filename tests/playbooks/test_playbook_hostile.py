"""No way of showing any part of a playbook lets script or foreign markup through."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.playbooks.blanks import fill
from crisis.playbooks.check import check
from crisis.playbooks.kinds import normal_value
from crisis.playbooks.parse import read
from crisis.playbooks.render import to_html, to_text
from crisis.types import BlankKind, Placeholder

TABLE = Path(__file__).parents[1] / "data" / "playbooks" / "markup_tricks.txt"
_ESCAPE = re.compile(r"\\(u[0-9a-f]{4}|[ntr\\])")
_MEANS = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


def tricks() -> list[str]:
    """The table's lines; its remarks begin with "# " and a capital, a dash or "\\u"."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not _REMARK.match(line)]
    return [_ESCAPE.sub(_meaning, line) for line in lines if line]


def _meaning(found: re.Match[str]) -> str:
    name = found[1]
    return _MEANS[name] if name in _MEANS else chr(int(name[1:], 16))


_REMARK = re.compile(r"# (?:--|Ways|\\u)")
TRICKS = tricks()
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)>", re.IGNORECASE)
_ALLOWED = {
    "p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr",
    "code", "pre", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_HARMLESS = re.compile(
    r"(?:\s(?:href=\"(?:https?://|mailto:|tel:)[^\"]*\"|rel=\"noopener noreferrer\"|start=\"\d+\"))*\s*/?"
)


def harmless(html: str) -> bool:
    """Only our own elements, only with the attributes we allow, and no other "<" at all."""
    rest = _TAG.sub("", html)
    tags = _TAG.findall(html)
    return "<" not in rest and all(
        name.lower() in _ALLOWED and _HARMLESS.fullmatch(attributes) for _, name, attributes in tags
    )


def playbook(trick: str) -> str:
    indented = trick.replace("\n", " ").replace("'", "’")
    return (
        f"---\ntitel: '{indented}'\nsprache: de\nverantwortlich: '{indented}'\ngueltig_bis: 2027-12-31\n"
        f"themen: [a]\nkontakt: '{indented}'\nbilder:\n  - datei: bilder/a.png\n"
        f"    alternativtext: '{indented}'\n---\n\n"
        + "".join(
            f"## {heading}\n\n{trick}\n\n- [ ] {trick}\n\n### {indented}\n\n{trick}\n\n"
            for heading in (
                "Lage", "Wann nicht", "Vorher prüfen", "Erste Meldung", "Antwort: website",
                "Antwort: faden", "Antwort: leichte Sprache", "Fragen und Antworten", "Unbequeme Fragen",
            )
        )
    )  # fmt: skip


def test_the_table_of_tricks_is_long_and_says_nothing_twice() -> None:
    assert len(TRICKS) >= 120
    assert len(set(TRICKS)) == len(TRICKS)


@pytest.mark.parametrize("trick", TRICKS)
def test_no_part_of_a_playbook_brings_in_markup(trick: str) -> None:
    text = playbook(trick)
    reading = read("x", text)
    for section in reading.sections:
        assert harmless(to_html(section.text)), section.kind
    made = reading.playbook
    if made is not None:
        answers = [one.answer for one in made.questions]
        for part in (
            made.not_when,
            made.situation,
            *made.holding.values(),
            *made.answers.values(),
            *answers,
        ):
            names = dict.fromkeys(("x", "ort"), trick)
            filled = fill(part, names)
            assert harmless(to_html(filled))
            assert "\ufeff" not in to_text(filled)
    check("x", text, today=date(2026, 11, 23))


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("kind", list(BlankKind))
def test_no_value_of_any_kind_brings_in_markup(trick: str, kind: BlankKind) -> None:
    blank = Placeholder(name="x", kind=kind, choices=("a", trick))
    value = normal_value(blank, trick) or "x"
    html = to_html(fill("Vor {{ x }} nach\n\n- {{ x }}\n\n[a]({{ x }})", {"x": value}))
    assert harmless(html)
    assert html.count("<li>") == 1


@settings(max_examples=200)
@given(st.lists(st.sampled_from(TRICKS) | st.text(max_size=10), max_size=6))
def test_no_mixture_of_tricks_brings_in_markup(pieces: list[str]) -> None:
    for joint in ("", " ", "\n", "\n\n"):
        assert harmless(to_html(joint.join(pieces)))
