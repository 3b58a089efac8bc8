"""The page that asks which of two versions of a playbook shall hold, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import PLAYBOOK
from chromium import chromium, troubles, violations, watched
from people import TownHall
from shots import serving, sign_in

MINE, THEIRS = "Das Labor der Stadtwerke anrufen.", "Beim Labor und beim Gesundheitsamt anrufen."


@pytest.mark.parametrize(("lang", "scheme", "width"), [("de", "light", 1280), ("en", "dark", 390)])
def test_ben_chooses_with_the_keyboard_and_both_changes_are_kept(
    tmp_path: Path, lang: str, scheme: str, width: int
) -> None:
    hall = TownHall(tmp_path)
    hall.everybody_signs_in()
    file = hall.playbooks / "trinkwasser.md"
    with chromium() as browser, serving(hall.app) as address:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=lang,
        )
        page = watched(context.new_page(), origin=address)
        sign_in(page, address, hall.ben, lang)
        page.goto(f"{address}/playbooks/bearbeiten/trinkwasser")
        box = page.locator("textarea").first
        file.write_text(PLAYBOOK.replace("Beim Labor anrufen.", THEIRS), "utf-8")
        box.fill(box.input_value().replace("Beim Labor anrufen.", MINE))
        page.locator("button[name=tun][value=speichern]").click()
        page.wait_for_selector("form.clash")
        assert page.locator("mark").all_inner_texts()
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        page.locator("input[value=beide]").focus()
        page.keyboard.press("Space")
        assert page.locator("textarea[name^=beide]").input_value().count("anrufen.") == 2
        page.locator("form.clash button").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/playbooks/ansehen/**")
        assert troubles(page) == []
        context.close()
    hall.close()
    assert MINE in file.read_text("utf-8") and THEIRS in file.read_text("utf-8")
