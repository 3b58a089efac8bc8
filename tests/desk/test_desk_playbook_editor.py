"""Writing a playbook with the check and every channel beside it, in a real browser and without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import PLAYBOOK
from chromium import chromium, troubles, violations, watched
from people import TownHall
from shots import serving, sign_in

EDIT, BESIDE = "/playbooks/bearbeiten/trinkwasser", "/playbooks/vorschau"


def test_without_scripts_it_stands_there_when_the_page_is_opened(desk: TownHall) -> None:
    page = desk.ben.opens(EDIT).text
    assert "Was die Prüfung sagt" in page and "So sieht es aus" in page
    assert "heute um 18 Uhr</mark>" in page  # the example, marked
    assert "X " in page and "/280" in page
    broken = PLAYBOOK.replace("titel:", "tittel:")
    form = {"name": "trinkwasser", "sha256": "x", "text": broken, "tun": "pruefen"}
    page = desk.ben.presses("/playbooks/speichern", form).text
    assert "Eine Vorschau gibt es, sobald der Kopf lesbar ist." in page
    assert 'data-line="1"' in page or "data-line=" in page


def test_what_is_asked_for_while_typing_is_for_writers_and_keeps_nothing(desk: TownHall) -> None:
    text = PLAYBOOK.replace(
        "Das Wasser ist in Ordnung.", "<script>alert(1)</script> " + "sehr " * 70
    )
    said = desk.ben.presses(BESIDE, {"name": "trinkwasser", "text": text})
    assert said.status_code == 200 and "<script>alert" not in said.text
    assert "preview--over" in said.text
    assert (desk.playbooks / "trinkwasser.md").read_text("utf-8") == PLAYBOOK
    assert desk.ana.presses(BESIDE, {"name": "trinkwasser", "text": text}).status_code in (403, 404)
    assert desk.ben.presses(BESIDE, {"name": "../../etc/passwd", "text": ""}).status_code == 200
    assert desk.ben.presses(BESIDE, {"text": "---\n" + "a" * 300_000}).status_code == 200


@pytest.mark.parametrize(("lang", "scheme", "width"), [("de", "light", 1280), ("en", "dark", 390)])
def test_it_follows_what_ben_types_and_leads_to_the_line(
    tmp_path: Path, lang: str, scheme: str, width: int
) -> None:
    hall = TownHall(tmp_path)
    hall.everybody_signs_in()
    with chromium() as browser, serving(hall.app) as address:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            locale=lang,
        )
        page = watched(context.new_page(), origin=address)
        sign_in(page, address, hall.ben, lang)
        page.goto(address + EDIT)
        assert violations(page) == []
        page.locator("#daneben details").last.locator("summary").click()
        box = page.locator("textarea[name=text]")
        box.fill(
            box.input_value().replace("Das Wasser ist in Ordnung.", "Das Wasser ist {{ wie }}.")
        )
        page.wait_for_function("() => document.getElementById('daneben').innerText.includes('wie')")
        assert page.locator("#daneben details").last.get_attribute("open") is not None
        page.locator("#daneben a[data-line]").first.click()
        line = page.evaluate(
            "() => { const f = document.querySelector('textarea[name=text]');"
            " return document.activeElement === f && f.value.slice(f.selectionStart, f.selectionEnd) }"
        )
        assert line
        # A mark beside each line that the list names, as high as the line stands in the field.
        listed = page.evaluate(
            "() => [...new Set([...document.querySelectorAll('#daneben a[data-line]')]"
            ".map(a => a.dataset.line))].map(Number)"
        )
        marks = {
            int(one.get_attribute("data-at") or 0): one
            for one in page.locator(".marked__mark").all()
        }
        assert sorted(marks) == sorted(listed)
        height = box.evaluate("f => parseFloat(getComputedStyle(f).lineHeight)")
        assert all(
            one.evaluate("m => parseFloat(m.style.top)") >= (number - 1) * height
            for number, one in marks.items()
        )
        box.evaluate("f => { f.scrollTop = 0 }")
        marks[min(marks)].click()
        assert page.evaluate("() => Number(document.activeElement.dataset.line)") == min(marks)
        box.fill(PLAYBOOK + "Satz")
        box.evaluate("f => f.setSelectionRange(f.value.length - 4, f.value.length)")
        box.press("Control+b")
        assert box.input_value().endswith("**Satz**")
        with page.expect_response("**/playbooks/entwurf/"):
            page.get_by_role(
                "button", name={"de": "Lücke", "en": "Blank"}[lang], exact=True
            ).click()
        assert box.input_value().endswith({"de": "**{{ Satz }}**", "en": "**{{ Satz }}**"}[lang])
        page.wait_for_function("() => /00/.test(document.querySelector('[data-kept]').textContent)")
        page.get_by_role("button", name={"de": "Bild", "en": "Picture"}[lang], exact=True).click()
        assert page.locator("#bild").is_visible()
        assert violations(page) == []
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        assert troubles(page) == []
        context.close()
    hall.close()
