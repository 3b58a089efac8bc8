"""The files around the program agree with each other: lock files, Makefile, lists, licence."""

from __future__ import annotations

import configparser
import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def names(text: str) -> set[str]:
    """The packages a list of requirements names, spelt the one way."""
    found = re.findall(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)", text, re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pinned_package_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert len(entries) >= 1
    for entry in entries:
        assert "==" in entry
        assert "--hash=sha256:" in entry
    assert "://" not in text
    assert "index-url" not in text


def test_what_the_program_needs_is_pinned() -> None:
    wanted = names(config()["options"]["install_requires"])
    assert wanted <= names((ROOT / "requirements/run.txt").read_text(encoding="utf-8"))


def test_what_tests_need_is_pinned() -> None:
    wanted = names(config()["options.extras_require"]["test"])
    assert wanted <= names((ROOT / "requirements/test.txt").read_text(encoding="utf-8"))


def test_tests_run_with_the_versions_that_people_run() -> None:
    run, test = (
        set(
            re.findall(
                r"^[a-z0-9-]+==[^\s\\]+", (ROOT / f"requirements/{name}.txt").read_text(), re.M
            )
        )
        for name in ("run", "test")
    )
    assert run <= test


def test_every_needed_package_has_its_reason_in_the_decisions() -> None:
    decisions = (ROOT / "docs/internals/decisions.md").read_text(encoding="utf-8").lower()
    for name in names(config()["options"]["install_requires"]):
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", decisions), name


def test_browser_packages_are_pinned_exactly_with_hashes_and_no_address() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert package["private"] is True
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", v) for v in package["dependencies"].values())
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for path, entry in lock["packages"].items():
        if path:
            assert entry["integrity"].startswith("sha512-")
            assert "resolved" not in entry


def test_help_lists_every_target_that_people_call() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"python", "docs-check"}
    done = subprocess.run(
        ["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = set(re.findall(r"^  make ([a-z-]+)  ", done.stdout, re.MULTILINE))
    assert listed == targets
    assert {"run", "test", "help", "format", "coverage", "docs", "bench", "clean"} <= listed


def test_make_alone_is_help() -> None:
    alone, asked = (
        subprocess.run(["make", "-s", *goal], cwd=ROOT, capture_output=True, check=True).stdout
        for goal in ([], ["help"])
    )
    assert alone == asked


def test_a_missing_python_is_said_with_the_packages_to_install() -> None:
    done = subprocess.run(
        ["make", "-s", "python", "PYTHON=python-that-is-not-there"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "apt install python3 python3-venv" in done.stderr


def test_the_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "EUROPÄISCHE UNION PUBLIC LICENCE v. 1.2" in text
    assert "## 15. Anwendbares Recht" in text
    assert "Anhang" in text
    assert config()["metadata"]["license_expression"] == "EUPL-1.2"


def test_publiccode_names_what_the_standard_requires() -> None:
    about = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))
    assert about["legal"]["license"] == "EUPL-1.2"
    for key in ("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus"):
        assert about[key]
    assert about["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    for language in ("de", "en"):
        words = about["description"][language]
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]


def test_ci_runs_what_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["desk", "monitor"])
def test_a_systemd_unit_calls_commands_that_exist(name: str) -> None:
    unit = (ROOT / f"deploy/klarstellung-{name}.service").read_text(encoding="utf-8")
    commands = re.findall(r"^ExecStart(?:Pre)?=/opt/klarstellung/\.venv/bin/(\w+)", unit, re.M)
    assert commands
    assert set(commands) <= {"crisis", "gunicorn"}
    assert "StateDirectoryMode=0700" in unit
