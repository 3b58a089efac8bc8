"""The folder on disk: nothing hides anything, nothing leads out, nothing is half written."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from threading import Barrier, Thread

import pytest

from crisis.errors import ConflictError, InvalidInputError, NotFoundError
from crisis.playbooks import folder as folder_module
from crisis.playbooks.folder import MOST_BYTES, Folder


@pytest.fixture
def folder(tmp_path: Path, good: str) -> Folder:
    path = tmp_path / "playbooks"
    (path / "uebungen").mkdir(parents=True)
    (path / "uebungen" / "rohrbruch.md").write_text("kein Playbook")
    (path / "README.md").write_text("kein Playbook")
    (path / ".alt").mkdir()
    (path / ".alt" / "x.md").write_text("kein Playbook")
    (path / "wasser.md").write_text(good, encoding="utf-8")
    (path / "notiz.txt").write_text("kein Playbook")
    return Folder(path)


def test_a_folder_is_read_sorted_with_its_subfolders(folder: Folder, good: str) -> None:
    (folder.path / "wetter").mkdir()
    (folder.path / "wetter" / "sturm.md").write_text(good, encoding="utf-8")
    content = folder.load()
    assert [playbook.name for playbook in content.playbooks] == ["wasser", "wetter/sturm"]
    assert content.problems == ()


def test_a_missing_folder_holds_nothing(tmp_path: Path) -> None:
    content = Folder(tmp_path / "nirgends").load()
    assert (content.playbooks, content.problems) == ((), ())


def test_broken_files_do_not_hide_the_others(folder: Folder, good: str, tmp_path: Path) -> None:
    (folder.path / "a-kaputt.md").write_text("---\ntitel: [\n---\n")
    (folder.path / "b-latin.md").write_bytes(good.replace("€", "").encode("latin-1"))
    (folder.path / "c-riesig.md").write_bytes(b"x" * (MOST_BYTES + 1))
    (folder.path / "d-ordner.md").mkdir()
    os.mkfifo(folder.path / "e-rohr.md")
    outside = tmp_path / "geheim.md"
    outside.write_text(good, encoding="utf-8")
    (folder.path / "f-hinaus.md").symlink_to(outside)
    (folder.path / "g-nirgends.md").symlink_to(folder.path / "weg.md")
    (folder.path / "h-kreis.md").symlink_to(folder.path / "h-kreis.md")
    (folder.path / "i-innen.md").symlink_to(folder.path / "wasser.md")
    content = folder.load()
    assert [playbook.name for playbook in content.playbooks] == ["i-innen", "wasser"]
    errors = {p.file: (p.line, p.code) for p in content.problems if p.severity == "error"}
    assert errors == {
        "a-kaputt.md": (3, "yaml"),
        "b-latin.md": (2, "file-encoding"),
        "c-riesig.md": (1, "file-too-long"),
        "d-ordner.md": (1, "file-kind"),
        "e-rohr.md": (1, "file-kind"),
        "f-hinaus.md": (1, "file-outside"),
        "g-nirgends.md": (1, "file-outside"),
        "h-kreis.md": (1, "file-unreadable"),
    }


def test_the_exact_text_of_one_file(folder: Folder, good: str) -> None:
    assert folder.text("wasser") == good
    with pytest.raises(NotFoundError):
        folder.text("../geheim")
    with pytest.raises(NotFoundError):
        folder.text("README")
    (folder.path / "latin.md").write_bytes(b"---\n\xe4")
    with pytest.raises(InvalidInputError, match=r"latin\.md: .*UTF-8"):
        folder.text("latin")


def test_a_file_that_vanishes_is_passed_over(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Somebody deletes the file between the listing and the reading: cannot be had otherwise.
    monkeypatch.setattr(folder, "names", lambda: ["weg", "wasser"])
    assert [playbook.name for playbook in folder.load().playbooks] == ["wasser"]
    with pytest.raises(NotFoundError):
        folder.text("weg")


def test_a_new_playbook_is_saved_and_read_again(folder: Folder, good: str) -> None:
    digest = folder.save("wetter/sturm.en", good.replace("\n", "\r\n") + "\n\n", None)
    written = (folder.path / "wetter" / "sturm.en.md").read_bytes()
    assert written.decode() == good
    assert hashlib.sha256(written).hexdigest() == digest
    playbooks = {playbook.name: playbook for playbook in folder.load().playbooks}
    assert playbooks["wetter/sturm.en"].sha256 == digest
    assert list((folder.path / "wetter").iterdir()) == [folder.path / "wetter" / "sturm.en.md"]


def test_a_change_needs_the_fingerprint_it_began_with(folder: Folder, good: str) -> None:
    path = folder.path / "wasser.md"
    path.chmod(0o600)
    before = hashlib.sha256(good.encode()).hexdigest()
    after = folder.save("wasser", good + "Neu.", before)
    assert path.stat().st_mode & 0o777 == 0o600
    for stale in (before, None, "x"):
        with pytest.raises(ConflictError):
            folder.save("wasser", "anderes", stale)
    assert folder.text("wasser") == good + "Neu.\n"
    folder.save("wasser", good, after)
    path.unlink()
    with pytest.raises(ConflictError):
        folder.save("wasser", good, before)
    with pytest.raises(ConflictError):
        folder.save("neu", good, before)


def test_of_two_people_who_save_at_once_one_wins(folder: Folder, good: str) -> None:
    before, barrier, results = hashlib.sha256(good.encode()).hexdigest(), Barrier(8), []

    def save(number: int) -> None:
        barrier.wait()
        try:
            results.append(folder.save("wasser", f"{good}{number}", before))
        except ConflictError:
            results.append("")

    threads = [Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([digest for digest in results if digest]) == 1


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../x", "a/../b", "/etc/passwd", "a//b", "A", "ä", "a b", "a\n", "a\x00"),
        *("-a", ".a", "a.md.md", "a.EN", "readme", "readme.en", "uebungen/x", "a/" * 5 + "b"),
        "x" * 200,
    ],
)
def test_names_that_lead_elsewhere_are_refused(folder: Folder, good: str, name: str) -> None:
    with pytest.raises(InvalidInputError):
        folder.save(name, good, None)


def test_nothing_is_written_through_a_link(folder: Folder, good: str, tmp_path: Path) -> None:
    outside = tmp_path / "draussen"
    outside.mkdir()
    (folder.path / "hinaus").symlink_to(outside)
    (folder.path / "auch.md").symlink_to(outside / "auch.md")
    for name in ("hinaus/x", "auch"):
        with pytest.raises(InvalidInputError):
            folder.save(name, good, None)
    assert list(outside.iterdir()) == []


def test_a_text_that_is_too_long_or_no_text_is_refused(folder: Folder) -> None:
    with pytest.raises(InvalidInputError):
        folder.save("neu", "x" * MOST_BYTES, None)
    with pytest.raises(InvalidInputError):
        folder.save("neu", "\ud800", None)
    assert not (folder.path / "neu.md").exists()


def test_a_crash_while_writing_leaves_the_old_text(
    folder: Folder, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    before = hashlib.sha256(good.encode()).hexdigest()
    # A crash between writing and renaming cannot be had otherwise.
    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        folder.save("wasser", "neu", before)
    assert folder.text("wasser") == good
    assert not [path for path in folder.path.iterdir() if path.name.startswith(".wasser")]


# --- nothing is read twice ------------------------------------------------------------------------


def settle() -> None:
    """As if nobody had touched a file for a while. (Its change time cannot be turned back.)"""
    time.sleep(folder_module.SETTLED + 0.05)


def test_an_unchanged_folder_is_not_read_again_and_a_changed_one_is(
    tmp_path: Path, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_module, "SETTLED", 0.02)
    (tmp_path / "wasser.md").write_text(good, "utf-8")
    settle()
    folder = Folder(tmp_path)
    first = folder.load()
    assert folder.load() is first
    assert Folder(tmp_path).load() is first, "another hand on the same folder"
    (tmp_path / "wasser.md").write_text(good.replace("Wasser", "Wassar"), "utf-8")  # as long
    second = folder.load()
    assert second is not first
    assert second.playbooks[0].text != first.playbooks[0].text
    (tmp_path / "zwei.md").write_text(good, "utf-8")
    assert len(folder.load().playbooks) == 2
    (tmp_path / "zwei.md").unlink()
    assert len(folder.load().playbooks) == 1


def test_a_file_just_written_is_read_every_time(tmp_path: Path, good: str) -> None:
    (tmp_path / "wasser.md").write_text(good, "utf-8")
    folder = Folder(tmp_path)
    assert folder.load() is not folder.load()


def test_a_link_that_leads_elsewhere_now_is_noticed(
    tmp_path: Path, good: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_module, "SETTLED", 0.02)
    home = tmp_path / "home"
    home.mkdir()
    (home / "wasser.md").write_text(good, "utf-8")
    (home / "link.md").symlink_to(home / "wasser.md")
    settle()
    assert len(Folder(home).load().playbooks) == 2
    (home / "link.md").unlink()
    (home / "link.md").symlink_to(tmp_path / "gone.md")
    assert len(Folder(home).load().playbooks) == 1
