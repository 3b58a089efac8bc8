"""``crisis playbooks`` tells authors what is wrong, where, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crisis.cli import main


@pytest.fixture
def work(tmp_path: Path, good: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a folder of playbooks, one of them broken."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRISIS_LANG", "de")
    folder = tmp_path / "playbooks"
    folder.mkdir()
    (folder / "wasser.md").write_text(good, encoding="utf-8")
    return tmp_path


def crisis(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["playbooks", *arguments])


def check(*arguments: str) -> Result:
    return crisis("check", "--today", "2026-11-23", *arguments)


def test_good_playbooks_are_said_to_be_good(work: Path) -> None:
    result = check()
    assert (result.exit_code, result.output) == (0, "1 Playbook geprüft, keine Fehler\n")


def test_every_problem_has_file_and_line(work: Path, good: str) -> None:
    (work / "playbooks" / "damm.md").write_text(
        good.replace("sprache: de", "sprache: x").replace("zielgruppe: ", "zielgrupe: "),
        encoding="utf-8",
    )
    (work / "playbooks" / "latin.md").write_bytes(b"---\ntitel: \xe4\n---\n")
    result = check()
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0].startswith("playbooks/damm.md:1: Hinweis: ")
    assert lines[1].startswith("playbooks/damm.md:3: Fehler: Die Sprache „x“")
    assert lines[2].startswith("playbooks/damm.md:6: Warnung: ")
    assert lines[3].startswith("playbooks/latin.md:2: Fehler: ")
    assert lines[4] == "3 Playbooks geprüft, 2 Fehler, 2 weitere Hinweise"


def test_english_readers_get_english(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")
    assert check().output == "1 playbook checked, no errors\n"
    assert crisis("list").output.startswith(
        "wasser  [de]  Gerücht: Trinkwasser vergiftet  (Website"
    )


def test_single_files_and_folders_can_be_named(work: Path, good: str) -> None:
    (work / "a.md").write_text("Hallo", encoding="utf-8")
    result = check("a.md", "playbooks", str(work / "playbooks" / "wasser.md"))
    assert result.exit_code == 1
    assert result.output.splitlines()[0].startswith("a.md:1: Fehler: ")
    assert result.output.splitlines()[-1] == "3 Playbooks geprüft, 1 Fehler"


def test_machines_get_json(work: Path) -> None:
    (work / "a.md").write_text("Hallo", encoding="utf-8")
    result = check("--format", "json", "a.md")
    assert result.exit_code == 1
    said = json.loads(result.output)
    assert said["checked"] == 1
    (problem,) = said["problems"]
    assert problem["file"] == "a.md"
    assert problem["line"] == 1
    assert problem["severity"] == "error"
    assert problem["code"] == "header-missing"


def test_what_is_not_there_is_said(work: Path) -> None:
    (work / "a.txt").write_text("Hallo", encoding="utf-8")
    assert "nirgends" in check("nirgends").output
    assert check("nirgends").exit_code == 1
    assert ".md" in check("a.txt").output
    assert crisis("list", "--folder", "weg").exit_code == 1
    assert "gibt es nicht" in crisis("preview", "weg").output


def test_today_is_the_day_that_counts(work: Path) -> None:
    result = crisis("check", "--today", "2028-01-01")
    assert "Abgelaufen am 31.12.2027" in result.output
    assert crisis("check").exit_code in (0, 1)  # the calendar of this very machine


def test_the_list_names_what_cannot_be_read(work: Path) -> None:
    (work / "playbooks" / "kaputt.md").write_text("Hallo", encoding="utf-8")
    result = crisis("list")
    assert (
        "wasser  [de]  Gerücht: Trinkwasser vergiftet  (Website, Kurznachricht, SMS"
        in result.output
    )
    assert "kaputt.md" in result.output


def test_the_preview_is_filled_with_the_examples(work: Path) -> None:
    result = crisis("preview", "wasser.md")
    assert "=== Website ===" in result.output
    assert "=== Kurznachricht (X " in result.output
    assert "Das Wasser in Nordstadt und Hafen ist sauber." in result.output
    short = crisis("preview", "wasser", "--channel", "kurz")
    assert "Website" not in short.output
    wrong = crisis("preview", "wasser", "--channel", "presse")
    assert wrong.exit_code == 1
    assert "Kanäle: website, " in wrong.output


def test_the_preview_names_the_pictures_where_they_go_along(work: Path, good: str) -> None:
    named = "bilder:\n  - datei: bilder/karte.png\n    alternativtext: Karte\n    quelle: Stadt\n"
    (work / "playbooks" / "wasser.md").write_text(
        good.replace("quellen:", f"{named}quellen:", 1)
        + "\n## Antwort: Faden\n\nEins. 1/2\n\n---\n\nZwei. 2/2\n",
        encoding="utf-8",
    )
    said = "[Bild bilder/karte.png – fehlt: Karte (Bild: Stadt)]"
    blocks = crisis("preview", "wasser").output.split("\n=== ")[1:]
    shown = {block.split(" (")[0].split(" ===")[0]: said in block for block in blocks}
    assert shown["Website"] and shown["Kurznachricht"] and not shown["SMS"]
    assert shown["Beitrag in Teilen 1/2"] and not shown["Beitrag in Teilen 2/2"]


def test_a_vanished_file_has_no_problem(work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Somebody deletes the file between the listing and the reading: cannot be had otherwise.
    monkeypatch.setattr("crisis.playbooks.folder.Folder.names", lambda self: ["weg"])
    assert check().output == "1 Playbook geprüft, keine Fehler\n"
