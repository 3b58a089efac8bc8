"""Saved playbooks as commits in their author's name; whatever git does, no edit is lost."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from builders import PLAYBOOK, digest, drawn
from people import TownHall

from crisis.errors import GitError
from crisis.playbooks.git_folder import GitFolder

NEW = PLAYBOOK.replace("Das Wasser ist in Ordnung.", "Das Wasser ist heute in Ordnung.")


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def saves(hall: TownHall, text: str = NEW, began: str = PLAYBOOK) -> str:
    form = {"name": "trinkwasser", "sha256": digest(began), "text": text, "tun": "speichern"}
    return hall.ben.presses("/playbooks/speichern", form, follow_redirects=True).text


@pytest.fixture
def town(tmp_path: Path) -> TownHall:
    made = TownHall(tmp_path, CRISIS_PLAYBOOKS_GIT="true")
    made.everybody_signs_in()
    return made


def test_an_edit_is_a_commit_in_its_authors_name(town: TownHall) -> None:
    (town.playbooks / "anderes.txt").write_text("gehört nicht dazu")
    assert "ist gespeichert" in saves(town)
    said = git(town.playbooks, "log", "--format=%an <%ae>|%s")
    assert (
        said
        == "Ben <ben@musterstadt.example>|trinkwasser: geändert (Das Trinkwasser ist in Ordnung)"
    )
    assert git(town.playbooks, "show", "--format=", "--name-only", "HEAD") == "trinkwasser.md"
    assert git(town.playbooks, "show", "HEAD:trinkwasser.md") + "\n" == NEW
    town.close()


def test_what_others_have_staged_stays_theirs(town: TownHall) -> None:
    git(town.playbooks, "init", "-q")
    (town.playbooks / "halb.md").write_text("noch nicht fertig")
    git(town.playbooks, "add", "halb.md")
    saves(town)
    assert git(town.playbooks, "show", "--format=", "--name-only", "HEAD") == "trinkwasser.md"
    assert "A  halb.md" in git(town.playbooks, "status", "--short")
    town.close()


def test_git_is_missing_and_the_edit_is_there(
    town: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nirgends")
    page = saves(town)
    assert "ist gespeichert" in page and "nicht in Git festgehalten" in page
    assert (town.playbooks / "trinkwasser.md").read_text("utf-8") == NEW
    town.close()


def test_git_refuses_once_and_the_next_commit_takes_it_along(town: TownHall) -> None:
    git(town.playbooks, "init", "-q")
    lock = town.playbooks / ".git" / "index.lock"
    lock.touch()
    assert "nicht in Git festgehalten" in saves(town)
    lock.unlink()
    later = NEW.replace("heute", "auch heute")
    assert "nicht in Git" not in saves(town, later, began=NEW)
    assert "auch heute" in git(town.playbooks, "show", "HEAD:trinkwasser.md")
    town.close()


def test_without_the_setting_there_is_no_repository(desk: TownHall) -> None:
    saves(desk)
    assert not (desk.playbooks / ".git").exists()


def test_names_cannot_say_anything_to_git(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "b.png").write_bytes(drawn())
    folder = GitFolder(tmp_path)
    assert folder.commit(["a.md", "b.png"], name="--amend <x>\n", email="<>", message="-m\n--all")
    assert git(tmp_path, "log", "--format=%an|%s") == "--amend x|-m --all"
    assert not folder.commit(["a.md"], name="B", email="", message="again")
    with pytest.raises(GitError):
        folder.commit(["fehlt.md"], name="B", email="", message="x")
