"""``crisis rumours``: the catalogue from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import rumour
from click.testing import CliRunner, Result

from crisis import wiring
from crisis.cli import main
from crisis.settings import load
from crisis.types import Fact, Rumour, RumourStatus

DAM = "Der Staudamm bei Oberau bricht heute Nacht."


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "instance"
    monkeypatch.setenv("CRISIS_INSTANCE", str(folder))
    monkeypatch.setenv("CRISIS_LANG", "de")
    return folder


def crisis(*words: str, text: bytes | None = None) -> Result:
    vouched = ["--in-scope"] if words[0] in ("add", "import") else []
    return CliRunner().invoke(
        main, ["rumours", *words, *vouched], input=text, catch_exceptions=False
    )


def kept(instance: Path, rumour_id: str) -> Rumour:
    with wiring.open_store(load(instance, {})) as store:
        return store.rumours.get(rumour_id)


def test_a_rumour_is_added_listed_and_shown(instance: Path) -> None:
    done = crisis(
        "add", DAM, "--title", "Staudamm bricht", "--variant", "Der Damm bricht!", "--lang", "de",
        "--topic", "hochwasser", "--status", "false", "--valid-until", "31.12.2027",
        "--fact", "Er ist dicht. | THW | https://thw.example | 2026-11-22",
    )  # fmt: skip
    assert done.exit_code == 0
    assert "Gespeichert als staudamm-bricht." in done.output
    assert "Hinweis: " in done.output
    found = kept(instance, "staudamm-bricht")
    assert found.status is RumourStatus.FALSE
    assert found.facts[0].source == "THW"
    assert crisis("list").output == "staudamm-bricht\tfalse\tStaudamm bricht\n"
    shown = crisis("show", "staudamm-bricht").output
    for words in (DAM, "Der Damm bricht!", "Er ist dicht. | THW", "2027-12-31", "hochwasser"):
        assert words in shown
    assert "Zu den Akten" not in shown


def test_the_list_is_searched(instance: Path) -> None:
    crisis("add", DAM, "--topic", "hochwasser")
    assert "Staudamm" in crisis("list", "oberau").output
    assert "Staudamm" in crisis("list", "--topic", "hochwasser").output
    assert crisis("list", "schule").output == "Kein Gerücht gefunden.\n"


def test_an_id_is_given_once(instance: Path) -> None:
    crisis("add", DAM, "--id", "damm")
    again = crisis("add", DAM, "--id", "damm")
    assert again.exit_code == 1
    assert "gibt es schon" in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "  "), "Behauptung in einem Satz"),
        (("add", DAM, "--id", "Ä"), "geht nicht als Kennung"),
        (("add", DAM, "--valid-until", "bald"), "kein Datum"),
        (("add", DAM, "--fact", "a | b | c | d | e"), "Ein Fakt besteht"),
        (("add", DAM, "--fact", "a | b | ftp://x"), "keine Web-Adresse"),
        (("show", "nix"), "nicht im Katalog"),
        (("edit", "nix"), "nicht im Katalog"),
        (("import", "gibt-es-nicht.csv"), "lässt sich nicht lesen"),
        (("import", "datei.xlsx"), "Die Endung sagt nicht"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(
    instance: Path, words: tuple[str, ...], said: str
) -> None:
    done = crisis(*words)
    assert done.exit_code == 1
    assert said in done.stderr


def test_editing_changes_what_is_named_and_adds_to_lists(instance: Path) -> None:
    crisis("add", DAM, "--id", "damm", "--variant", "eins", "--topic", "alt", "--lang", "de")
    crisis("edit", "damm", "--title", "Damm", "--variant", "zwei", "--variant", "eins")
    found = kept(instance, "damm")
    assert (found.text, found.title, found.variants) == (DAM, "Damm", ("eins", "zwei"))
    crisis(
        "edit", "damm", "--clear", "variants", "--variant", "neu", "--clear", "topics",
        "--clear", "facts", "--fact", "Er hält.", "--status", "false", "--title", "",
        "--valid-until", "2027-01-01", "--lang", "", "--text", "Der Damm bei Oberau bricht.",
    )  # fmt: skip
    found = kept(instance, "damm")
    assert found.variants == ("neu",)
    assert found.topics == ()
    assert found.facts == (Fact(text="Er hält."),)
    assert (found.title, found.lang, str(found.valid_until)) == ("", "", "2027-01-01")
    crisis("edit", "damm", "--valid-until", "")
    assert kept(instance, "damm").valid_until is None


def test_a_rumour_is_retired_and_restored(instance: Path) -> None:
    crisis("add", DAM, "--id", "damm")
    assert crisis("retire", "damm").output == "Zu den Akten gelegt.\n"
    assert crisis("list").output == "Kein Gerücht gefunden.\n"
    assert "zu den Akten gelegt" in crisis("list", "--retired").output
    assert "Zu den Akten" in crisis("show", "damm").output
    crisis("restore", "damm")
    assert not kept(instance, "damm").retired


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_the_catalogue_goes_out_and_comes_back(instance: Path, tmp_path: Path, form: str) -> None:
    crisis("add", DAM, "--id", "damm", "--variant", "=1+1")
    out = crisis("export", "--format", form)
    file = tmp_path / f"katalog.{form}"
    file.write_bytes(out.stdout_bytes)
    assert crisis("import", str(file)).output == "0 neu, 0 geändert, 1 unverändert.\n"
    crisis("edit", "damm", "--title", "Anders")
    assert crisis("import", str(file)).output == "0 neu, 1 geändert, 0 unverändert.\n"
    assert kept(instance, "damm").variants == ("=1+1",)


def test_a_pipe_is_read_when_its_format_is_named(instance: Path) -> None:
    line = b'{"id": "damm", "text": "Der Damm bei Oberau bricht."}\n'
    assert crisis("import", "-", "--format", "jsonl", text=line).output.startswith("1 neu")


def test_a_bad_line_keeps_all_of_a_file_out(instance: Path) -> None:
    text = b'{"id": "a", "text": "x"}\nkaputt\n'
    done = crisis("import", "-", "--format", "jsonl", text=text)
    assert done.exit_code == 1
    assert "Zeile 2: " in done.stderr
    assert crisis("list").output == "Kein Gerücht gefunden.\n"


def test_english_speakers_are_answered_in_english(
    instance: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISIS_LANG", "en")
    done = crisis("add", rumour().text)
    assert "Kept as " in done.output
    assert "Hint: " in done.output
