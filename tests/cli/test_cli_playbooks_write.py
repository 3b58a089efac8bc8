"""Ben begins a playbook in the terminal, sees it as readers will, and is told what to improve."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crisis.cli.playbooks import command
from crisis.cli.playbooks_write import watched
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.skeleton import skeleton

DAY = date(2026, 11, 23)
ANSWERS = ["--title", "Die Brücke ist sicher: heute offen", "--claim", "die Brücke stürze ein."]
ANSWERS += ["--owner", "Bauamt", "--contact", "030 23125 200"]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRISIS_LANG", "de")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    (tmp_path / "playbooks").mkdir()
    return tmp_path / "playbooks"


def crisis(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(arguments), input=typed)


def test_a_new_playbook_has_every_part_and_asks_for_the_rest(work: Path) -> None:
    done = crisis("new", "bruecke", *ANSWERS)
    assert done.exit_code == 0, done.output
    text = (work / "bruecke.md").read_text("utf-8")
    assert "titel: 'Die Brücke ist sicher: heute offen'" in text
    assert "Zurzeit wird behauptet: die Brücke stürze ein. Das ist falsch." in text
    found = check("bruecke", text, today=date.today())  # noqa: DTZ011
    assert {problem.code for problem in found if problem.severity != "hint"} == {"pattern-left"}
    assert crisis("new", "bruecke", *ANSWERS).exit_code == 1


def test_what_is_not_given_is_asked(work: Path) -> None:
    done = crisis("new", "wasser", typed="Wasser ist gut\ndas Wasser sei Gift\nLabor\n115\n")
    assert done.exit_code == 0, done.output
    assert done.output.count("?") >= 4
    assert "verantwortlich: Labor" in (work / "wasser.md").read_text("utf-8")


def test_an_english_name_brings_an_english_skeleton(work: Path) -> None:
    assert crisis("new", "bridge.en", *ANSWERS).exit_code == 0
    assert "## Check first" in (work / "bridge.en.md").read_text("utf-8")


def test_a_bad_name_is_refused(work: Path) -> None:
    assert crisis("new", "../x", *ANSWERS).exit_code == 1
    assert crisis("new", "Ü", *ANSWERS).exit_code == 1
    assert list(work.iterdir()) == []


def errors(text: str) -> set[str]:
    return {p.code for p in check("x", text, today=DAY) if p.severity == "error"}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_a_skeleton_without_answers_has_no_error(lang: str) -> None:
    text = skeleton(today=DAY, lang=lang)
    assert errors(text) == {"pattern-left"}
    hostile = skeleton(
        today=DAY, lang=lang, title="{{ x }} '\n---\n", claim="{{", owner="&a", contact="#"
    )
    assert errors(hostile) == {"pattern-left"}


def test_the_preview_shows_every_channel_as_it_will_look(work: Path) -> None:
    crisis("new", "bruecke", *ANSWERS)
    text = (work / "bruecke.md").read_text("utf-8")
    text = text.replace("kanaele: [", "kanaele: [faden, sms, live, ")
    text += "\n## Antwort: Faden\n\nErster " + "x " * 160 + "\n\n---\n\nZweiter\n"
    text += "\n## Antwort: sms\n\nKurz.\n\n## Antwort: live\n\nGuten Tag.\n"
    (work / "bruecke.md").write_text(text, "utf-8")
    shown = crisis("preview", "bruecke.md").output
    assert shown.startswith("Die Brücke ist sicher: heute offen\n")
    assert "=== Erste Meldung: Kurznachricht (X " in shown
    assert "=== Beitrag in Teilen 2/2 (X 13/280, Bluesky 13/300) ===" in shown
    assert "zu viel" in shown
    assert "(SMS 5/459, 1 Teile)" in shown
    assert "=== Live-Video (Video 1/90) ===" in shown
    assert max(len(line) for line in shown.splitlines() if not line.startswith("=")) <= 80


def looks(*steps: object) -> Iterator[None]:
    """One look for each step, which is done before it."""
    for step in steps:
        if callable(step):
            step()
        yield


def test_saving_checks_again_and_only_what_changed(work: Path) -> None:
    (work / "bausteine").mkdir()
    block = work / "bausteine" / "b.md"
    block.write_text("Gut.", "utf-8")
    good = skeleton(today=DAY)
    (work / "a.md").write_text(good + "\n{{ baustein: b }}\n", "utf-8")
    (work / "c.md").write_text(good, "utf-8")
    steps = (
        None,
        None,
        lambda: block.write_text("[x](y.html)", "utf-8"),
        lambda: (work / "c.md").write_bytes(b"\xff"),
        (work / "c.md").unlink,
    )
    seen = list(watched(Folder(work), None, lambda: looks(*steps)))
    assert [name for name, _ in seen] == ["a", "c", "a", "c"]
    assert [problem.code for problem in seen[3][1]] == ["file-encoding"]


def test_watching_says_what_it_found_and_ends_with_ctrl_c(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crisis.cli.playbooks_write.time.sleep", stop)
    (work / "a.md").write_text("Hallo", "utf-8")
    done = crisis("watch", "a")
    assert done.exit_code == 0
    assert "a.md:1: Fehler: Die erste Zeile muss aus drei Strichen bestehen" in done.output
    assert "a.md: 1 Anmerkungen" in done.output
    assert crisis("watch", "fehlt").exit_code == 1
