"""Set-up: what was done is not done again, and what is missing is said with the way to get it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import browser
import prepare
import pytest
from words import SetupError

import docs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of its own for the steps."""
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "VENV", tmp_path)
    monkeypatch.setattr(prepare, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setenv("CRISIS_LANG", "de")
    return tmp_path


def test_a_step_is_done_once_and_again_when_its_input_or_its_result_changes(here: Path) -> None:
    source, result = here / "in", here / "out"
    source.write_text("1", encoding="utf-8")
    done = []

    def make() -> None:
        done.append(source.read_text(encoding="utf-8"))
        result.touch()

    def once() -> list[str]:
        prepare.once("step", ["in"], make, made=result)
        return done

    assert once() == ["1"]
    os.utime(source, (0, 0))  # a checkout sets times anew
    assert once() == ["1"]
    source.write_text("2", encoding="utf-8")
    assert once() == ["1", "2"]
    result.unlink()
    assert once() == ["1", "2", "2"]


def test_a_step_that_failed_is_tried_again(here: Path) -> None:
    (here / "in").touch()

    def fail() -> None:
        raise SetupError("kein Netz")

    for _ in range(2):
        with pytest.raises(SetupError):
            prepare.once("step", ["in"], fail, made=here / "in")
    assert prepare.stamps() == {}


def test_an_old_python_is_refused_with_what_to_install(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepare, "OLDEST", (99, 0))
    monkeypatch.setattr(prepare, "NEWER", ("python-that-is-not-there",))
    with pytest.raises(SetupError, match="apt install python3 python3-venv"):
        prepare.find_python()


def test_debians_missing_venv_package_is_named(here: Path) -> None:
    code = (
        "import importlib.util, sys\n"
        f"sys.path.insert(0, {str(ROOT / 'setup')!r})\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *a: None if name == 'ensurepip' else found(name)\n"
        "from pathlib import Path; import prepare\n"
        "prepare.PYTHON = Path('nowhere')\n"
        "prepare.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "CRISIS_LANG": "en"},
    )
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture
def pip(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pip is noted down, not run: each call would fetch the whole installation."""
    calls: list[str] = []
    monkeypatch.setattr(prepare, "pip_install", lambda *arguments: calls.append(arguments[-1]))
    (here / "requirements").mkdir()
    (here / "setup.cfg").touch()
    for name in ("run", "test"):
        (here / f"requirements/{name}.txt").write_text("a==1 \\\n", encoding="utf-8")
    return calls


def test_packages_are_installed_once_and_again_when_a_lock_file_changes(
    here: Path, pip: list[str]
) -> None:
    lock = here / "requirements/run.txt"
    prepare.install("run")
    prepare.install("run")
    assert pip == [str(lock), str(here)]
    lock.write_text("a==2 \\\n", encoding="utf-8")
    prepare.install("run")
    assert pip == [str(lock), str(here)] * 2


def test_what_tests_need_holds_what_running_needs(here: Path, pip: list[str]) -> None:
    prepare.install("test")
    prepare.install("run")
    assert pip == [str(here / "requirements/test.txt"), str(here)]


def test_the_lock_file_lacks_nothing_that_its_packages_need() -> None:
    """They are installed as listed, with nothing resolved: what it lacked would be missing here."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_packages_that_cannot_be_had_are_an_error_that_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "PYTHON", Path(sys.executable))
    with pytest.raises(SetupError, match="Internet"):
        prepare.pip_install("--no-index", "--find-links", str(here), "klarstellung-no-such")
    assert "klarstellung-no-such" in capsys.readouterr().err


def test_translations_are_compiled_where_there_are_any(here: Path) -> None:
    prepare.compile_translations()  # none: nothing to do
    catalogue = here / "crisis/desk/translations/en/LC_MESSAGES/messages.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid ""\nmsgstr ""\n\nmsgid "Ja"\nmsgstr "Yes"\n', encoding="utf-8")
    (here / "bin").mkdir()
    (here / "bin" / "pybabel").symlink_to(Path(sys.executable).parent / "pybabel")
    prepare.compile_translations()
    assert catalogue.with_suffix(".mo").exists()


def test_a_command_that_fails_is_named(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match="es misslang"):
        prepare.run([sys.executable, "-c", "import sys; sys.exit('so nicht')"])
    assert "so nicht" in capsys.readouterr().err


def test_a_program_that_is_not_there_does_not_work() -> None:
    assert not prepare.succeeds(["program-that-is-not-there"])
    assert not browser.works([None, "program-that-is-not-there"])
    assert browser.works([sys.executable])


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(
        "[there](docs/a.md#part) [web](https://example.org) [top](#top) [gone](docs/b.md)\n"
        "`[code](no.md)` and [mail](mailto:a@example.org)\n",
        encoding="utf-8",
    )
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("[up](../README.md)", encoding="utf-8")
    assert docs.broken_links(tmp_path) == ["README.md: docs/b.md"]


def test_the_generated_pages_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "setup/docs.py", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "docs: fine\n"
