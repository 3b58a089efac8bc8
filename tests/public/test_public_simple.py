"""Corrections in plain language and in Leichte Sprache: each at an address of its own."""

from __future__ import annotations

from builders import PLAYBOOK
from chromium import chromium, violations
from people import TownHall
from shots import serving

from crisis.playbooks.folder import Folder
from crisis.types import Response
from crisis.workflows import approve, respond

EASY = (
    PLAYBOOK.replace("[website, kurz]", "[website, kurz, einfache Sprache, Leichte Sprache]")
    + """
## Antwort: einfache Sprache

Das Wasser ist gut. Wir melden uns: {{ naechste_info }}.

## Antwort: Leichte Sprache

**Sie können das Wasser trinken.**

Wir melden uns wieder: {{ naechste_info }}.
"""
)


def published(hall: TownHall, text: str = EASY) -> Response:
    (hall.playbooks / "trinkwasser.md").write_text(text, "utf-8")
    (made,) = Folder(hall.playbooks).load().playbooks
    ana, chloe, today = hall.ana.person, hall.chloe.person, hall.now.date()
    assert ana is not None and chloe is not None
    approve.approve(hall.store, made, chloe, hall.now)
    incident = hall.rumour_spreads()
    answer = respond.draft(hall.store, incident.id, made, ana, hall.now, today=today)
    respond.fill(
        hall.store,
        answer.id,
        title=answer.title,
        values={"naechste_info": "heute um 18 Uhr"},
        by=ana,
        now=hall.now,
        version=answer.version,
    )
    respond.submit(hall.store, answer.id, ana, hall.now)
    return respond.release(hall.store, answer.id, chloe, hall.now, today=today)


def test_a_correction_leads_to_its_simpler_forms_and_back(hall: TownHall) -> None:
    answer = published(hall)
    address = f"/klarstellungen/{answer.slug}"
    whole = hall.dev.opens(address).text
    assert f'<a href="{address}/einfach">Einfache Sprache</a>' in whole
    assert f'<a href="{address}/leicht">Leichte Sprache</a>' in whole
    easy = hall.dev.opens(f"{address}/leicht")
    assert easy.status_code == 200
    assert "<strong>Sie können das Wasser trinken.</strong>" in easy.text
    assert "heute um 18 Uhr" in easy.text and "Fakt" not in easy.text
    assert '<span aria-current="page">Leichte Sprache</span>' in easy.text
    assert f'<a href="{address}">Ausführlich</a>' in easy.text
    assert f'{address}/leicht">' in easy.text.split('rel="canonical"')[1].split("\n")[0]
    assert "application/ld+json" not in easy.text
    assert " – Leichte Sprache" in easy.text.split("</title>")[0]
    assert "Das Wasser ist gut." in hall.dev.opens(f"{address}/einfach").text
    assert "public" in easy.headers["Cache-Control"] and easy.headers["ETag"]


def test_list_and_sitemap_know_them(hall: TownHall) -> None:
    answer = published(hall)
    listed = hall.dev.opens("/klarstellungen/").text
    assert f'/klarstellungen/{answer.slug}/leicht" aria-label="In Leichter Sprache: ' in listed
    english = hall.dev.opens("/klarstellungen/?sprache=en").text
    assert ">Easy read</a>" in english and ">Plain language</a>" in english
    sitemap = hall.dev.opens("/sitemap.xml").text
    for way in ("", "/einfach", "/leicht"):
        assert f"/klarstellungen/{answer.slug}{way}</loc>" in sitemap


def test_a_form_that_is_not_there_says_where_the_whole_is(hall: TownHall) -> None:
    answer = published(hall, PLAYBOOK)
    assert "Leichte Sprache" not in hall.dev.opens(f"/klarstellungen/{answer.slug}").text
    missing = hall.dev.opens(f"/klarstellungen/{answer.slug}/leicht")
    assert missing.status_code == 404 and f"/klarstellungen/{answer.slug}" in missing.text
    assert hall.dev.opens("/klarstellungen/gibt-es-nicht/leicht").status_code == 404


def test_a_withdrawn_one_says_so_in_every_form(hall: TownHall) -> None:
    answer = published(hall)
    assert hall.chloe.person is not None
    respond.withdraw(hall.store, answer.id, "Falsch.", hall.chloe.person, hall.now)
    easy = hall.dev.opens(f"/klarstellungen/{answer.slug}/leicht").text
    assert "Wir haben diese Klarstellung zurückgezogen." in easy
    assert "Leichte Sprache</a>" not in hall.dev.opens("/klarstellungen/").text


def test_nothing_stands_in_anybodys_way(hall: TownHall) -> None:
    answer = published(hall)
    with chromium() as browser, serving(hall.app) as address:
        for scheme, width in (("light", 1280), ("dark", 320)):
            context = browser.new_context(
                color_scheme=scheme,  # type: ignore[arg-type]
                viewport={"width": width, "height": 800},
            )
            page = context.new_page()
            for path in (
                "",
                f"/{answer.slug}",
                f"/{answer.slug}/leicht",
                f"/{answer.slug}/einfach",
            ):
                page.goto(f"{address}/klarstellungen{path or '/'}")
                assert violations(page) == []
                assert page.evaluate("() => document.documentElement.scrollWidth") <= width
            context.close()
