"""What the pages for authors show can be copied: every example is read and checked."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from builders import PLAYBOOK, drawn

from crisis.playbooks.blocks import located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.header import FIELDS, PICTURE_FIELDS, PLACEHOLDER_FIELDS
from crisis.playbooks.limits import CHANNELS, channel_code
from crisis.playbooks.problem import Problem

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "reference" / "playbook.md").read_text("utf-8")
FENCED = re.compile(r"^```(?:markdown)?\n(.*?)^```$", re.DOTALL | re.MULTILINE)
# Blanks that the reference's pieces take from the playbook they belong to.
BLANK = "  - name: ortsteil\n    hinweis: Wo?\n    beispiel: Nordstadt\n"


def examples(text: str, begins: str) -> list[str]:
    return [block for block in FENCED.findall(text) if block.startswith(begins)]


def problems(tmp_path: Path, text: str, name: str = "beispiel") -> list[Problem]:
    (tmp_path / f"{name}.md").write_text(text, "utf-8")
    folder = Folder(tmp_path)
    made = folder.whole(name, text)
    found = located(check(name, made.text, today=date(2026, 11, 23)), made)
    return [one for one in found if one.severity == "error"]


def whole(header: str, sections: str) -> str:
    listed = ["website", "kurz", *re.findall(r"^## Antwort: (.+)$", sections, re.MULTILINE)]
    text = PLAYBOOK.replace("[website, kurz]", f"[{', '.join(listed)}]")
    head, rest = text.split("---\n## Lage")
    return f"{head}{BLANK}{header}---\n## Lage{rest.rstrip()}\n\n{sections}"


def test_a_complete_example_can_be_copied(tmp_path: Path) -> None:
    (text,) = examples(REFERENCE, "---\ntitel: Unser Trinkwasser")
    assert problems(tmp_path, text) == []


def test_there_is_an_example_of_every_field_and_every_section() -> None:
    shown = "".join(FENCED.findall(REFERENCE))
    header = set(re.findall(r"^(?:  - | {4})?(\w+):", shown, re.MULTILINE))
    for table in (FIELDS, PLACEHOLDER_FIELDS, PICTURE_FIELDS):
        shown_ones = {name for word, name in table.items() if word in header}
        assert set(table.values()) - shown_ones <= {"checksums"}  # written by the program alone
    sections = re.findall(r"^## (.+)$", shown, re.MULTILINE)
    answers = {channel_code(one.partition(": ")[2]) for one in sections if ": " in one}
    assert set(CHANNELS) <= answers
    for part in ("Lage", "Wann nicht", "Vorher prüfen", "Schritte", "Erste Meldung: kurz"):
        assert part in sections
    assert "Fragen und Antworten" in sections and "Unbequeme Fragen" in sections


def test_the_example_in_english_can_be_copied(tmp_path: Path) -> None:
    (text,) = examples(REFERENCE, "---\ntitle: Our tap water")
    assert problems(tmp_path, text, "beispiel.en") == []


@pytest.mark.parametrize("sections", examples(REFERENCE, "## "), ids=lambda s: s.split("\n")[0])
def test_every_section_of_the_reference_fits_into_a_playbook(sections: str, tmp_path: Path) -> None:
    assert problems(tmp_path, whole("", sections)) == []


@pytest.mark.parametrize("header", examples(REFERENCE, "bilder:"))
def test_pictures_of_the_reference_fit_into_a_header(header: str, tmp_path: Path) -> None:
    (tmp_path / "bilder").mkdir()
    (tmp_path / "bilder" / "karte.png").write_bytes(drawn())
    assert problems(tmp_path, whole(header, "")) == []


def test_the_english_page_for_authors_has_an_example_to_copy(tmp_path: Path) -> None:
    page = (ROOT / "playbooks" / "README.en.md").read_text("utf-8")
    (text,) = examples(page, "---\n")
    assert problems(tmp_path, text, "bridge.en") == []


def test_pages_about_the_folder_are_no_playbooks(tmp_path: Path) -> None:
    for name in ("README.md", "README.en.md", "ReadMe.de.md"):
        (tmp_path / name).write_text("# Hallo", "utf-8")
    assert Folder(tmp_path).names() == []


SHIPPED = sorted(
    path for path in (ROOT / "playbooks").glob("*.md") if not path.name.startswith("README")
)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_check_has_nothing_to_say_about_a_playbook_we_ship(path: Path) -> None:
    made = Folder(path.parent).whole(path.stem, path.read_text("utf-8"))
    assert check(path.stem, made.text, today=date(2026, 11, 23)) == []
