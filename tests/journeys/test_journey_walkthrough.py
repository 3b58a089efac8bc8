"""The ten most common tasks take no more clicks and keys than docs/internals/usability.md says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import chromium
from playwright.sync_api import Browser
from walkthrough import TASKS, done

pytestmark = [pytest.mark.browser, pytest.mark.journey]

PAGE = Path(__file__).parents[2] / "docs" / "internals" / "usability.md"


def promised() -> dict[str, tuple[int, int]]:
    """Clicks and keys of each task, as the page says."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("| ") and line.count("|") == 6
    ]
    return {row[0]: (int(row[1]), int(row[2])) for row in rows if row[1].isdigit()}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_task_takes_no_more_than_promised(task, browser: Browser) -> None:
    clicks, keys = promised()[task.__doc__.strip()]
    by_mouse = done(task, browser, mouse=True)
    assert by_mouse.clicks + by_mouse.keys <= clicks
    assert done(task, browser, mouse=False).keys <= keys
