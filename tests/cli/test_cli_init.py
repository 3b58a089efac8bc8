"""``crisis init``: makes what is missing, once, and leaves alone what is there."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crisis import wiring
from crisis.cli import main
from crisis.settings import example_toml, load


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An instance folder that does not exist yet."""
    folder = tmp_path / "instance"
    monkeypatch.setenv("CRISIS_INSTANCE", str(folder))
    monkeypatch.setenv("CRISIS_LANG", "de")
    return folder


def init() -> Result:
    return CliRunner().invoke(main, ["init"], catch_exceptions=False)


def contents(folder: Path) -> dict[str, bytes]:
    """The files that people would miss."""
    return {name: (folder / name).read_bytes() for name in ("settings.toml", "secret.key")}


def test_it_makes_settings_key_database_and_examples(instance: Path) -> None:
    done = init()
    assert done.exit_code == 0
    for words in ("Einstellungen angelegt", "Schlüssel", "Datenbank angelegt", "Beispiele geladen"):
        assert words in done.stdout
    assert (instance / "settings.toml").read_text(encoding="utf-8") == example_toml()
    assert stat.S_IMODE(instance.stat().st_mode) == 0o700
    with wiring.open_store(load(instance, {})) as store:
        assert len(store.rumours.all()) >= 16


def test_a_second_time_changes_nothing_and_says_so(instance: Path) -> None:
    init()
    before = contents(instance)
    done = init()
    assert done.stdout == "Es war schon alles da.\n"
    assert contents(instance) == before


def test_settings_that_are_there_are_kept_and_used(instance: Path) -> None:
    instance.mkdir()
    (instance / "settings.toml").write_text("[desk]\nport = 9000\n", encoding="utf-8")
    assert "Einstellungen angelegt" not in init().stdout
    assert load(instance, {}).desk.port == 9000


def test_bad_settings_are_said_and_nothing_is_filled(instance: Path) -> None:
    instance.mkdir()
    (instance / "settings.toml").write_text("[desk]\nport = 0\n", encoding="utf-8")
    done = init()
    assert done.exit_code == 1
    assert "[desk] port: 0" in done.stderr
    assert not load(instance, {"PORT": "1"}).database.exists()


def test_a_place_where_nothing_can_be_written_is_said(instance: Path) -> None:
    instance.write_text("a file, not a folder", encoding="utf-8")
    done = init()
    assert done.exit_code == 1
    assert "lässt sich nicht anlegen" in done.stderr


def test_what_should_not_stay_so_is_said(instance: Path) -> None:
    init()
    (instance / "secret.key").chmod(0o644)
    assert "Achtung: Alle Benutzer dieses Rechners" in init().stderr
