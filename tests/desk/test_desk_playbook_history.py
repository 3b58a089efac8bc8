"""Every text a playbook had stays, with what changed, and one click leads back."""

from __future__ import annotations

import re

from builders import PLAYBOOK
from chromium import chromium, violations
from people import TownHall
from shots import serving, sign_in

from crisis.playbooks.folder import Folder
from crisis.playbooks.parse import sha256

PAGE = "/playbooks/fassungen/trinkwasser"
SECOND = PLAYBOOK.replace("um 9 Uhr", "dreimal")
THIRD = SECOND.replace("Sie können das Wasser trinken.", "Trinken Sie es ruhig.")


def plain(page: str) -> str:
    """What stands there to be read."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def writes(desk: TownHall, text: str) -> None:
    before = (desk.playbooks / "trinkwasser.md").read_text("utf-8")
    form = {"name": "trinkwasser", "sha256": sha256(before), "text": text, "tun": "speichern"}
    assert desk.ben.presses("/playbooks/speichern", form).status_code == 302
    desk.later(minutes=1)


def three(desk: TownHall) -> None:
    desk.chloe_approves()
    desk.later(minutes=1)
    writes(desk, SECOND)
    writes(desk, THIRD)


def test_the_page_says_who_changed_what_from_one_version_to_the_next(desk: TownHall) -> None:
    three(desk)
    assert f'href="{PAGE}"' in desk.ana.opens("/playbooks/ansehen/trinkwasser").text
    newest = plain(desk.ana.opens(PAGE).text)
    assert "Was diese Fassung geändert hat" in newest and "Trinken Sie es ruhig." in newest
    assert newest.count("Ben") >= 2
    assert "Wenn Sie sie wiederherstellen" not in newest
    second = desk.ben.opens(f"{PAGE}?fassung={sha256(SECOND)}").text
    assert "dreimal" in second and "Wenn Sie sie wiederherstellen" in second
    assert "Die erste bekannte Fassung" in desk.ben.opens(f"{PAGE}?fassung={sha256(PLAYBOOK)}").text


def test_ben_goes_back_to_the_approved_text_which_holds_at_once(desk: TownHall) -> None:
    three(desk)
    form = {"fassung": sha256(PLAYBOOK), "begann": sha256(THIRD)}
    assert desk.ben.presses(PAGE, form).status_code == 302
    assert (desk.playbooks / "trinkwasser.md").read_text("utf-8") == PLAYBOOK
    (made,) = Folder(desk.playbooks).load().playbooks
    assert desk.store.playbooks.latest("trinkwasser").sha256 == made.sha256  # type: ignore[union-attr]
    page = desk.ana.opens("/playbooks/ansehen/trinkwasser").text
    assert "freigegeben" in page
    assert "Trinken Sie es ruhig." in plain(desk.ben.opens(f"{PAGE}?fassung={sha256(THIRD)}").text)
    assert desk.store.audit.verify() is None


def test_who_saved_meanwhile_is_not_overwritten(desk: TownHall) -> None:
    three(desk)
    form = {"fassung": sha256(PLAYBOOK), "begann": sha256(SECOND)}
    assert desk.ben.presses(PAGE, form).status_code == 409
    assert (desk.playbooks / "trinkwasser.md").read_text("utf-8") == THIRD


def test_others_may_look_and_not_go_back(desk: TownHall) -> None:
    three(desk)
    assert "wiederherstellen</" not in desk.ana.opens(f"{PAGE}?fassung={sha256(PLAYBOOK)}").text
    form = {"fassung": sha256(PLAYBOOK), "begann": sha256(THIRD)}
    assert desk.ana.presses(PAGE, form).status_code == 403
    assert desk.dev.opens(PAGE).status_code == 302


def test_what_is_not_there_is_said(desk: TownHall) -> None:
    three(desk)
    assert desk.ben.opens(f"{PAGE}?fassung=abc").status_code == 404
    assert desk.ben.opens("/playbooks/fassungen/gibt-es-nicht").status_code == 404


def test_nothing_stands_in_anybodys_way(desk: TownHall) -> None:
    three(desk)
    with chromium() as browser, serving(desk.app) as address:
        for lang, width in (("de", 1280), ("en", 320)):
            context = browser.new_context(viewport={"width": width, "height": 900}, locale=lang)
            page = context.new_page()
            sign_in(page, address, desk.ben, lang)
            page.goto(f"{address}{PAGE}?fassung={sha256(SECOND)}")
            assert violations(page) == []
            assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            context.close()
