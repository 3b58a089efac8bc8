"""The application as a whole: how it is put together from an installation's settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from people import TownHall

from crisis.desk import create_app, here, words
from crisis.errors import NotAllowedError, SettingsError


def test_it_finds_its_installation_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRISIS_INSTANCE", str(tmp_path / "amt"))
    app = create_app()
    with app.test_request_context():
        assert here.settings().instance == tmp_path / "amt"
        assert abs(here.now() - datetime.now(UTC)) < timedelta(minutes=1)
        assert here.now() is here.now()


def test_wrong_settings_stop_it_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        create_app(tmp_path, environ={"CRISIS_DESK_PORT": "viele"})


@pytest.mark.parametrize(("proxies", "seen"), [("0", "127.0.0.1"), ("1", "203.0.113.9")])
def test_only_proxies_it_was_told_of_may_name_another_address(
    tmp_path: Path, proxies: str, seen: str
) -> None:
    hall = TownHall(tmp_path, CRISIS_DESK_TRUSTED_PROXIES=proxies)
    for _ in range(5):
        hall.ana.signs_in("falsch", headers={"X-Forwarded-For": "203.0.113.9"})
    again = hall.ana.signs_in("falsch", environ_base={"REMOTE_ADDR": seen})
    other = hall.ana.signs_in("falsch", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    hall.close()
    assert again.status_code == 429
    assert other.status_code == 422


def test_a_stranger_is_nobody(hall: TownHall) -> None:
    with hall.app.test_request_context():
        assert here.person_or_none() is None
        with pytest.raises(NotAllowedError):
            here.person()


def test_translations_that_cannot_be_written_do_not_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fr" / "LC_MESSAGES"
    (folder / "messages.mo").mkdir(parents=True)  # in the way
    (folder / "messages.po").write_text('msgid ""\nmsgstr ""\n', "utf-8")
    import os

    os.utime(folder / "messages.mo", (0, 0))
    monkeypatch.setattr(words, "_TRANSLATIONS", tmp_path)
    create_app(tmp_path, environ={})


def test_translations_are_made_where_they_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text('msgid "ja"\nmsgstr "yes"\n', "utf-8")
    monkeypatch.setattr(words, "_TRANSLATIONS", tmp_path)
    create_app(tmp_path, environ={})
    assert b"yes" in (folder / "messages.mo").read_bytes()
