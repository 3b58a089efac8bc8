"""The PDF: everybody can read it, and whatever people wrote stays text."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from builders import NOON
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from crisis.errors import ReportError
from crisis.reports import typeset
from crisis.reports.document import Bars, Bullets, Document, Grid, Pairs, Section, Text

FONTS = Path(__file__).parents[2] / "crisis/desk/static/vendor/fira-sans"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00"
    b"\x00\x00\x00IEND\xaeB`\x82"
)


def document(text: str = "Ein Satz.", *, lang: str = "de", rows: int = 2, **more: str) -> Document:
    blocks = [
        Text(text),
        Bullets([text, "zwei"]),
        Pairs([("Name", text)]),
        Grid("Tabelle", ["Gerücht", "Stand"], [[text, f"Zeile {n}"] for n in range(rows)]),
        Bars("Beiträge je Stunde", "Am meisten um 12 Uhr.", [(str(n), n) for n in range(24)]),
    ]
    given = {
        "lang": lang,
        "title": "Lagebericht Gerüchte",
        "subtitle": "heute",
        "authority": "Musterstadt",
        "made": "Erstellt jetzt",
        "lead": ["Eins.", "Zwei.", "Drei."],
        "sections": [
            Section("Überblick", blocks, [Section("Im Einzelnen", [Text(text)], tone="alarm")])
        ],
        "small_print": "Klein.",
        **more,
    }
    return Document(**given)  # type: ignore[arg-type]


def read(made: Document, **more: object) -> PdfReader:
    return PdfReader(io.BytesIO(typeset.pdf(made, NOON, FONTS, **more)))  # type: ignore[arg-type]


def tags(reader: PdfReader) -> list[str]:
    """Every structure element of the file, in reading order."""
    found: list[str] = []

    def walk(node: object) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node  # type: ignore[union-attr]
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(reader.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return found


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_file_says_that_it_is_tagged_and_in_which_language(lang: str) -> None:
    reader = read(document(lang=lang))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert str(root["/Lang"]).startswith(lang)  # type: ignore[index]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]  # type: ignore[index]
    assert reader.metadata is not None
    assert reader.metadata.title == "Lagebericht Gerüchte"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()  # type: ignore[index]


def test_headings_tables_lists_and_pictures_are_tagged() -> None:
    found = tags(read(document()))
    for tag in ("/Title", "/H1", "/H2", "/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure"):
        assert tag in found, (tag, sorted(set(found)))
    assert found.index("/H1") < found.index("/H2")


def test_pictures_are_described_and_there_are_bookmarks_and_page_numbers() -> None:
    made = document(rows=90)
    reader = read(made)
    assert [mark.title for mark in reader.outline if not isinstance(mark, list)] == ["Überblick"]
    assert len(reader.pages) > 2
    assert f"Seite 2 von {len(reader.pages)}" in reader.pages[1].extract_text()
    assert any("Am meisten um 12 Uhr." in text for text in _alternatives(reader))


def _alternatives(reader: PdfReader) -> list[str]:
    found = []
    for number in range(1, len(reader.xref_objStm) + 2000):
        try:
            one = reader.get_object(number)
        except Exception:
            continue
        if isinstance(one, dict) and "/Alt" in one:
            found.append(str(one["/Alt"]))
    return found


def test_fonts_are_embedded_and_are_the_town_s() -> None:
    fonts = str(read(document("Łódź, ğ, äöüß")).pages[0]["/Resources"]["/Font"])  # type: ignore[index]
    assert fonts
    names = {
        str(font.get_object()["/BaseFont"])
        for font in read(document("Łódź ğ äöüß")).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert all("+Fira" in name for name in names), names
    assert "Łódź ğ äöüß" in read(document("Łódź ğ äöüß")).pages[0].extract_text()


def test_an_exercise_and_the_town_s_sign_are_shown() -> None:
    text = read(document(banner="ÜBUNG"), logo=("png", PNG), colour="#7a0000")
    assert "ÜBUNG" in text.pages[0].extract_text()
    assert "Musterstadt" in _alternatives(text)


def test_the_same_report_is_the_same_file() -> None:
    assert typeset.pdf(document(), NOON, FONTS) == typeset.pdf(document(), NOON, FONTS)


@settings(max_examples=25)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_whatever_people_write_is_laid_out(text: str) -> None:
    assert typeset.pdf(document(text), NOON, FONTS).startswith(b"%PDF")


@pytest.mark.parametrize(
    "text", ['#import "/etc/passwd"', "$x$", "*fett*", "= Titel", "@x", "`a`", "</script>"]
)
def test_markup_stays_text(text: str) -> None:
    assert text in read(document(text)).pages[0].extract_text()


def test_emoji_and_foreign_scripts_do_not_stop_a_report() -> None:
    text = read(document("Achtung 😱👨‍👩‍👧 水 خطر \u202eumgedreht\x07")).pages[0].extract_text()
    assert "Achtung" in text and "umgedreht" in text
    assert "?" in text


def test_without_fonts_it_is_readable_all_the_same(tmp_path: Path) -> None:
    assert typeset.pdf(document(), NOON, tmp_path / "none").startswith(b"%PDF")


def test_what_cannot_be_laid_out_is_said_in_a_sentence() -> None:
    with pytest.raises(ReportError) as told:
        typeset.pdf(document(), NOON, FONTS, logo=("png", b"no picture"))
    assert "Verwaltung" in told.value.de and "administration" in told.value.en
