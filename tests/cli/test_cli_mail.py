"""``crisis mail dkim``: a key and its DNS record, and mails that are signed with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crisis.cli import main
from crisis.errors import SettingsError
from crisis.settings import load
from crisis.wiring.mails import smtp


def says(instance: Path, **environ: str) -> Result:
    known = {"CRISIS_INSTANCE": str(instance), "CRISIS_LANG": "en"}
    return CliRunner().invoke(main, ["mail", "dkim"], env=known | environ)


def test_it_makes_a_key_once_and_prints_what_belongs_into_the_dns(tmp_path: Path) -> None:
    sender = {"CRISIS_MAIL_SENDER": "lage@musterstadt.example"}
    first = says(tmp_path, **sender)
    assert first.exit_code == 0, first.output
    assert "klarstellung._domainkey.musterstadt.example. IN TXT (" in first.output
    assert 'dkim_key_file = "dkim.pem"' in first.output
    key = tmp_path / "dkim.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    made = key.read_text()
    again = says(tmp_path, **sender, CRISIS_MAIL_DKIM_KEY_FILE="dkim.pem")
    assert key.read_text() == made, "a key is never replaced"
    assert "New key" not in again.output
    assert "[mail]" not in again.output


def test_without_a_sender_it_says_what_is_missing(tmp_path: Path) -> None:
    answer = says(tmp_path)
    assert answer.exit_code != 0
    assert "sender is needed first" in answer.output
    assert not (tmp_path / "dkim.pem").exists()


def test_the_key_of_the_settings_signs(tmp_path: Path) -> None:
    environ = {
        "CRISIS_MAIL_HOST": "mail.x.example",
        "CRISIS_MAIL_SENDER": "lage@musterstadt.example",
        "CRISIS_MAIL_DKIM_KEY_FILE": "dkim.pem",
    }
    with pytest.raises(SettingsError, match="dkim_key_file cannot be read"):
        load(tmp_path, environ)
    (tmp_path / "dkim.pem").write_text("unsinn")
    with pytest.raises(SettingsError, match="is no key"):
        load(tmp_path, environ)
    (tmp_path / "dkim.pem").unlink()
    says(tmp_path, CRISIS_MAIL_SENDER="lage@musterstadt.example")
    settings = load(tmp_path, environ)
    assert "PRIVATE" not in repr(settings)
    assert smtp(settings)._sign is not None
