"""Reading playbooks: what authors write, what YAML traps do, and what is refused."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import PlaybookError
from crisis.playbooks.parse import parse, read
from crisis.types import Placeholder

HEADER = "titel: T\nsprache: de\nverantwortlich: P\ngueltig_bis: 2027-12-31\n"


def short(header: str = HEADER, body: str = "## Antwort: kurz\nText\n") -> str:
    return f"---\n{header}---\n{body}"


def test_a_good_playbook_is_read_whole(good: str) -> None:
    playbook = parse("trinkwasser", good)
    assert playbook.name == "trinkwasser"
    assert playbook.title == "Gerücht: Trinkwasser vergiftet"
    assert playbook.lang == "de"
    assert playbook.rumours == ("trinkwasser-vergiftet",)
    assert playbook.topics == ("trinkwasser",)
    assert playbook.audience == "Alle Einwohnerinnen und Einwohner"
    assert playbook.owner == "Pressestelle"
    assert playbook.valid_until == date(2027, 12, 31)
    assert playbook.sources == ("Stadtwerke, Labor",)
    assert playbook.placeholders[1] == Placeholder(
        name="naechste_info",
        hint="Wann gibt es: die nächste Meldung?",
        example="heute um 18 Uhr",
    )
    assert playbook.situation.startswith("Nach einem Rohrbruch")
    assert playbook.steps == "1. Labor anrufen.\n2. Antwort ausfüllen."
    assert list(playbook.answers) == ["website", "short", "sms"]
    assert playbook.answers["short"].startswith("Das Wasser in {{ ortsteil }}")


def test_the_fingerprint_covers_the_exact_bytes(good: str) -> None:
    assert parse("a", good).sha256 == hashlib.sha256(good.encode()).hexdigest()
    assert parse("a", good + " ").sha256 != parse("a", good).sha256
    windows = good.replace("\n", "\r\n")
    assert parse("a", windows).sha256 == hashlib.sha256(windows.encode()).hexdigest()


@pytest.mark.parametrize("change", ["windows", "old mac", "bom", "trailing spaces"])
def test_line_ends_and_byte_order_marks_do_not_matter(good: str, change: str) -> None:
    changed = {
        "windows": good.replace("\n", "\r\n"),
        "old mac": good.replace("\n", "\r"),
        "bom": "\ufeff" + good,
        "trailing spaces": good.replace("---\n", "---  \n"),
    }[change]
    assert parse("a", changed).answers == parse("a", good).answers


def test_english_words_mean_the_same() -> None:
    text = """---
title: Water is safe
language: en
rumours: [water]
topics: [water]
audience: All
channels: [website, short]
owner: Press office
valid-until: 2027-12-31
placeholders:
  - name: area
    hint: Where?
    example: North
sources: [Lab]
---
## Situation
S
## Steps
T
## Answer: website
{{ area }}
## Answer: short
K
"""
    playbook = parse("water.en", text)
    assert playbook.title == "Water is safe"
    assert playbook.valid_until == date(2027, 12, 31)
    assert playbook.placeholders == (Placeholder(name="area", hint="Where?", example="North"),)
    assert (playbook.situation, playbook.steps) == ("S", "T")
    assert playbook.answers == {"website": "{{ area }}", "short": "K"}


def test_norwegian_stays_norwegian() -> None:
    assert parse("a", short(HEADER.replace("sprache: de", "sprache: no"))).lang == "no"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("titel: Gerücht: Wasser: vergiftet", "Gerücht: Wasser: vergiftet"),
        ("titel: Achtung:", "Achtung:"),
        ('titel: "Gift" im Wasser', '"Gift" im Wasser'),
        ('titel: "Gift: im Wasser"', "Gift: im Wasser"),
        ("titel: 'It''s: true'", "It's: true"),
        ("titel: It's: true", "It's: true"),
        ("titel: {{ ort }}: Wasser sicher", "{{ ort }}: Wasser sicher"),
        ("titel: @stadt meldet", "@stadt meldet"),
        ("titel: 100 % sicher", "100 % sicher"),
        ("titel: yes", "yes"),
        ("titel: 2027-01-01", "2027-01-01"),
        ("titel: >\n  zwei\n  Zeilen: lang", "zwei Zeilen: lang"),
        ("titel: Wasser: sicher # eine Bemerkung", "Wasser: sicher"),
    ],
)
def test_titles_may_hold_what_yaml_would_misread(line: str, title: str) -> None:
    assert parse("a", short(HEADER.replace("titel: T", line))).title == title


def test_lists_may_be_written_in_three_ways() -> None:
    for written in ("[a, b]", "a, b", "\n  - a\n  - b"):
        assert parse("a", short(HEADER + f"themen: {written}\n")).topics == ("a", "b")


def test_a_colon_in_a_list_of_sources_stays_text() -> None:
    header = HEADER + "quellen:\n  - Labor: Probe 7\n  - |\n    zwei: drei\n"
    assert parse("a", short(header)).sources == ("Labor: Probe 7", "zwei: drei")


def test_placeholders_may_be_bare_names() -> None:
    playbook = parse("a", short(HEADER + "platzhalter:\n  - ort\n  - zeit\n"))
    assert [blank.name for blank in playbook.placeholders] == ["ort", "zeit"]


def test_an_empty_list_of_placeholders_is_fine() -> None:
    assert parse("a", short(HEADER + "platzhalter:\n")).placeholders == ()


@pytest.mark.parametrize(
    "heading", ["## Antwort: kurz", "## Answer: short", "## ANTWORT – Kurz ##", "  ## Antwort kurz"]
)
def test_headings_of_answers_are_read_kindly(heading: str) -> None:
    assert parse("a", short(body=f"{heading}\nText\n")).answers == {"short": "Text"}


def test_a_broken_header_names_its_line(broken_header: dict[str, Any]) -> None:
    reading = read("kaputt", broken_header["text"])
    assert reading.playbook is None
    first = reading.problems[0]
    assert (first.line, first.severity, first.code) == (
        broken_header["line"],
        "error",
        broken_header["code"],
    )
    assert broken_header.get("says", "") in first.de
    with pytest.raises(PlaybookError) as caught:
        parse("kaputt", broken_header["text"])
    assert f"kaputt.md, Zeile {broken_header['line']}: " in caught.value.de
    assert f"kaputt.md, line {broken_header['line']}: " in caught.value.en


def test_the_error_counts_further_ones() -> None:
    with pytest.raises(PlaybookError, match=r"\(and 3 more\)"):
        parse("a", "---\nthemen: [a]\n---\n")


def test_a_header_of_a_book_is_refused() -> None:
    assert read("a", short("titel: " + "x" * 30_000 + "\n")).problems[0].code == "header-too-long"


def test_a_header_of_a_thousand_items_is_refused() -> None:
    items = "".join(f"  - a{n}\n" for n in range(1500))
    assert read("a", short("themen:\n" + items)).problems[0].code == "yaml-depth"


def test_half_a_character_is_refused() -> None:
    with pytest.raises(PlaybookError, match=r"line 7: .*UTF-8"):
        parse("a", short(body="\ud800"))


def test_a_key_that_is_a_list_is_unknown() -> None:
    assert read("a", short(HEADER + "? [a, b]\n: c\n")).problems[0].code == "field-unknown"


@given(st.text() | st.text("-:[]{}&*!|>'\"#, \n\t\\abtitelspr0€", max_size=300))
def test_no_header_raises_anything_but_our_error(header: str) -> None:
    for text in (header, f"---\n{header}\n---\n## Antwort: kurz\nText"):
        reading = read("a", text)
        errors = [problem for problem in reading.problems if problem.severity == "error"]
        if errors:
            with pytest.raises(PlaybookError):
                parse("a", text)
        else:
            assert parse("a", text) == reading.playbook


@given(st.text() | st.text("#`~ AntworLage:\n{}kuz", max_size=300))
def test_any_body_can_be_read(body: str) -> None:
    try:
        playbook = parse("a", short(body=body))
    except PlaybookError:
        return
    assert all(text.strip() for text in playbook.answers.values())
