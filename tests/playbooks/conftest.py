"""What the tests of playbooks share: one playbook without any problem, and the day it is read on."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data" / "playbooks"


@pytest.fixture
def good() -> str:
    """The text of a playbook nobody can complain about."""
    return (DATA / "good.md").read_text(encoding="utf-8")


@pytest.fixture
def today() -> date:
    """A day on which that playbook is valid."""
    return date(2026, 11, 23)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test with the argument ``check_case``, ``broken_header`` or ``payload`` its table."""
    for name, file in (
        ("check_case", "check_cases.toml"),
        ("broken_header", "broken_headers.toml"),
    ):
        if name in metafunc.fixturenames:
            cases = tomllib.loads((DATA / file).read_text(encoding="utf-8"))["case"]
            metafunc.parametrize(name, cases, ids=[case["about"] for case in cases])
    if "payload" in metafunc.fixturenames:
        lines = (DATA / "script_payloads.txt").read_text(encoding="utf-8").splitlines()
        metafunc.parametrize("payload", lines)
