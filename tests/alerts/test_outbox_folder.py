"""Mails in a folder, and which mail goes where."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from fakes import FakeMailer
from mails import mail

from crisis.alerts.outbox_folder import FolderMailer, Postroom
from crisis.errors import MailError, PermanentMailError


def test_a_mail_becomes_one_file_that_any_mail_program_opens(tmp_path: Path) -> None:
    folder = tmp_path / "instance" / "outbox"
    FolderMailer(folder, authority="Stadt Köln").send(mail())
    (file,) = folder.iterdir()
    assert file.name == "20261123T120000Z-000007.eml"
    parsed = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert parsed["From"] == "Stadt Köln <klarstellung@localhost>"
    assert parsed["Message-ID"] == mail().message_id


def test_a_mail_written_twice_is_one_file(tmp_path: Path) -> None:
    for _ in range(2):
        FolderMailer(tmp_path).send(mail())
    assert len(list(tmp_path.iterdir())) == 1


def test_only_the_programs_own_user_may_read_the_links_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    FolderMailer(folder).send(mail())
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(MailError) as raised:
        FolderMailer(blocked).send(mail())
    assert raised.value.retry


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "20261123T120000Z-000007.eml").mkdir()  # where the file should go
    with pytest.raises(MailError):
        FolderMailer(tmp_path).send(mail())
    assert [p.suffix for p in tmp_path.iterdir()] == [".eml"]


def test_a_mail_that_cannot_be_one_is_refused_for_good(tmp_path: Path) -> None:
    with pytest.raises(PermanentMailError):
        FolderMailer(tmp_path).send(mail(subject="a\nb"))
    assert list(tmp_path.iterdir()) == []


def test_what_an_exercise_made_never_leaves_and_everything_else_does(tmp_path: Path) -> None:
    outside = FakeMailer()
    room = Postroom(outside, FolderMailer(tmp_path))
    room.send(mail(drill=True))
    assert (len(outside.sent), len(list(tmp_path.iterdir()))) == (0, 1)
    room.send(mail())
    assert (len(outside.sent), len(list(tmp_path.iterdir()))) == (1, 1)


def test_an_exercise_mail_stays_even_if_its_address_is_not_one(tmp_path: Path) -> None:
    outside = FakeMailer()
    with pytest.raises(PermanentMailError):
        Postroom(outside, FolderMailer(tmp_path)).send(mail(drill=True, to=""))
    assert outside.sent == []


def test_after_an_exercise_its_mails_are_gone_and_the_others_stay(tmp_path: Path) -> None:
    folder = FolderMailer(tmp_path / "outbox")
    room = Postroom(folder, folder)
    assert room.forget_exercise() == 0
    room.send(mail(drill=True))
    room.send(mail())
    assert room.forget_exercise() == 1
    assert [p.name for p in (tmp_path / "outbox").iterdir()] == ["20261123T120000Z-000007.eml"]
