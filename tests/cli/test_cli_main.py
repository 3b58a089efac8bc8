"""The ``crisis`` command as a whole: its overview, and how errors reach a person."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

from crisis import __version__
from crisis.cli import PARTS, Part, main
from crisis.cli.words import language
from crisis.errors import NotFoundError


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A part ``crisis probe`` whose ``command`` a test sets."""
    module = ModuleType("probe_of_a_part")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(PARTS, "probe", Part(module.__name__, "Probe.", "Probe."))
    monkeypatch.setenv("CRISIS_LANG", "de")
    return module


def test_the_overview_lists_every_part_and_imports_none() -> None:
    code = (
        "import sys; from crisis.cli import main\n"
        "try: main(['--help'])\n"
        "finally: print(sorted(m for m in sys.modules if m.startswith('crisis.cli.')))\n"
        "assert not {'flask', 'sklearn', 'pysqlite3', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"CRISIS_LANG": "en", "PYTHONIOENCODING": "utf-8"},
    )
    for name, part in PARTS.items():
        assert name in done.stdout
        assert " ".join(part.en.split()[:2]) in done.stdout
    assert done.stdout.strip().endswith("['crisis.cli.words']")


def test_python_m_crisis_is_the_same_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crisis", "--version"], capture_output=True, text=True, check=False
    )
    assert done.stdout == f"crisis, version {__version__}\n"


def test_the_parts_come_in_the_order_of_the_table() -> None:
    assert main.list_commands(click.Context(main)) == list(PARTS)


def test_an_unknown_part_is_refused() -> None:
    assert CliRunner().invoke(main, ["gibtsnicht"]).exit_code == 2


def test_a_foreseen_error_is_one_sentence_and_exit_code_1(probe: ModuleType) -> None:
    @click.command()
    def command() -> None:
        raise NotFoundError("Das gibt es nicht.", "There is no such thing.")

    probe.command = command
    done = CliRunner().invoke(main, ["probe"])
    assert (done.exit_code, done.stderr, done.stdout) == (1, "Fehler: Das gibt es nicht.\n", "")


def test_ctrl_c_ends_with_130_as_shells_expect(probe: ModuleType) -> None:
    @click.command()
    def command() -> None:
        raise KeyboardInterrupt

    probe.command = command
    assert CliRunner().invoke(main, ["probe"]).exit_code == 130


def test_a_part_without_a_command_is_our_own_mistake(probe: ModuleType) -> None:
    probe.command = "no command"
    assert isinstance(CliRunner().invoke(main, ["probe"]).exception, TypeError)


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = (
        "import sys, types, click; from crisis.cli import PARTS, Part, main\n"
        "probe = types.ModuleType('probe'); sys.modules['probe'] = probe\n"
        "PARTS['probe'] = Part('probe', '', '')\n"
        "@click.command()\n"
        "def command():\n"
        "    for _ in range(100000): click.echo('x' * 80)\n"
        "probe.command = command\n"
        "main(['probe'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "de"),
        ({"LANG": "C.UTF-8"}, "de"),
        ({"LANG": "POSIX"}, "de"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "de"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "CRISIS_LANG": "EN"}, "en"),
        ({"LANG": "en_GB.UTF-8", "CRISIS_LANG": ""}, "en"),
    ],
)
def test_the_language_is_german_unless_the_environment_says_english(
    environ: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("CRISIS_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert language() == expected
