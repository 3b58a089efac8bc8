"""The catalogue as CSV and JSON lines, there and back."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from builders import rumour
from hypothesis import given, settings
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.rumours import entry, exchange
from crisis.rumours.exchange import FORMATS, Format, examine, read_rows, write_rows
from crisis.types import Fact, Rumour, RumourStatus

CASES = tomllib.loads(
    (Path(__file__).parents[1] / "data/rumours/bad_rows.toml").read_text("utf-8")
)["case"]

# Any text that is text: also what spreadsheets and our own escapes trip over.
words = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("=+-@'\"|;,\\\t\n"))
    .map(str.strip)
    .filter(lambda text: len(text) < 200)
)
some_words = words.filter(bool)
addresses = st.sampled_from(["", "https://a.example/x?y=1&z=|;,'", "http://b.example"])
facts = st.builds(Fact, text=some_words, source=words, url=addresses, date=st.none() | st.dates())
ids = st.from_regex(entry.ID, fullmatch=True)
rumours = st.builds(
    Rumour,
    id=ids,
    text=some_words,
    title=words,
    variants=st.lists(some_words, max_size=4).map(tuple),
    lang=st.sampled_from(["", "de", "en", "tr"]),
    topics=st.lists(some_words.filter(lambda t: len(t) < 80), max_size=3).map(tuple),
    status=st.sampled_from(RumourStatus),
    facts=st.lists(facts, max_size=3).map(tuple),
    valid_until=st.none() | st.dates(),
    retired=st.booleans(),
)
catalogues = st.lists(rumours, max_size=4, unique_by=lambda r: r.id)


@pytest.mark.parametrize("form", FORMATS)
@given(catalogue=catalogues)
@settings(max_examples=120, deadline=None)
def test_what_is_written_is_read_back(form: Format, catalogue: list[Rumour]) -> None:
    assert read_rows(write_rows(catalogue, form), form) == catalogue


@given(catalogue=catalogues)
@settings(max_examples=120, deadline=None)
def test_no_cell_is_a_formula(catalogue: list[Rumour]) -> None:
    table = csv.reader(
        io.StringIO(write_rows(catalogue, "csv").removeprefix("\ufeff"), newline=""), delimiter=";"
    )
    for row in table:
        for cell in row:
            assert not cell.startswith(
                ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
            )


@pytest.mark.parametrize("form", FORMATS)
@given(text=st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_surprise(form: Format, text: str) -> None:
    for taken in examine(text, form)[0]:
        assert not entry.problems(taken)


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_every_bad_line_is_named(case: dict[str, Any]) -> None:
    _, problems = examine(case["text"], case["form"])
    found = [(problem.line, problem.de) for problem in problems]
    assert [line for line, _ in found] == [line for line, _ in case["wrong"]]
    for (_, said), (_, wanted) in zip(found, case["wrong"], strict=True):
        assert wanted in said
    with pytest.raises(InvalidInputError) as refused:
        read_rows(case["text"], case["form"])
    first = case["wrong"][0][0]
    assert refused.value.de.startswith(f"Zeile {first}: ")
    assert refused.value.en.startswith(f"Line {first}: ")


def test_more_problems_than_people_read_are_counted() -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_rows("x\n" * 60, "jsonl")
    assert refused.value.de.endswith("… und 10 weitere.")


def test_a_table_made_by_hand_is_understood() -> None:
    text = (
        "Behauptung,Titel,Formulierungen,Themen,Stand,Fakten,gueltig_bis,Zurückgezogen\r\n"
        '"Der Damm bricht.",Damm,"eins\r\nzwei\r\n","Hochwasser, Damm",irreführend,'
        '"Der Damm hält. | THW","31.12.2027",ja\r\n\r\n'
    )
    (found,) = read_rows(text, "csv")
    assert found == Rumour(
        id="damm",
        text="Der Damm bricht.",
        title="Damm",
        variants=("eins", "zwei"),
        topics=("Hochwasser", "Damm"),
        status=RumourStatus.MISLEADING,
        facts=(Fact(text="Der Damm hält.", source="THW"),),
        valid_until=date(2027, 12, 31),
        retired=True,
    )


def test_lines_as_the_matcher_takes_them_are_understood() -> None:
    line = {
        "id": 7,
        "text": "Der Damm bricht.",
        "created": "2026",
        "facts": ["Er hält."],
        "title": None,
    }
    (found,) = read_rows("\ufeff\n" + json.dumps(line) + "\n\n", "jsonl")
    assert (found.id, found.facts[0].text, found.title) == ("7", "Er hält.", "")


def test_entries_without_an_id_get_different_ones() -> None:
    text = '{"text": "Größe ist Übermut"}\n{"text": "Größe ist Übermut"}\n{"text": "水"}\n'
    assert [r.id for r in read_rows(text, "jsonl")] == [
        "groesse-ist-uebermut",
        "groesse-ist-uebermut-2",
        "geruecht",
    ]


def test_a_long_title_makes_a_short_id() -> None:
    assert len(entry.id_for("Wort " * 30, ())) <= 60
    assert len(entry.id_for("W" * 100, ())) == 60


def test_a_table_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "MOST_ROWS", 2)
    kept, problems = examine(
        '{"text": "a"}\n{"text": "b"}\n{"text": "c"}\n{"text": "d"}\n', "jsonl"
    )
    assert len(kept) == 2
    assert [problem.line for problem in problems] == [3]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "x" * 2001}, "text"),
        ({"variants": ("x",) * 1001}, "variants"),
        ({"facts": (Fact(text="x" * 2001),)}, "facts"),
        ({"facts": (Fact(text="x", source="\x00"),)}, "facts"),
        ({"facts": (Fact(text="x", url="https://[kaputt"),)}, "facts"),
        ({"facts": (Fact(text="x", url="https://"),)}, "facts"),
        ({"topics": ("x" * 81,)}, "topics"),
    ],
)
def test_an_entry_beyond_measure_is_refused(changes: dict[str, Any], field: str) -> None:
    assert [name for name, _ in entry.problems(rumour(**changes))] == [field]


def test_a_good_entry_has_no_problem() -> None:
    assert entry.problems(rumour()) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_are_read_as_spreadsheets_save_them(encoding: str) -> None:
    assert exchange.decode("text\nÜbermut – „größer“\n".encode(encoding)).endswith("größer“\n")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="CSV UTF-8"):
        exchange.decode(b"\x81\x8d\xff")


def test_a_fact_is_read_from_one_line() -> None:
    assert exchange.fact_of("Er hält. | THW | | 1.2.2026") == Fact(
        text="Er hält.", source="THW", date=date(2026, 2, 1)
    )
    with pytest.raises(InvalidInputError, match="no date"):
        exchange.fact_of("Er hält. | THW | | gestern")
