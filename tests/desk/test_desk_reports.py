"""Reports on the desk: a page, a file, for one incident or some hours; and nobody's name by accident."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
import shots
from busy_year import busy_year
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Browser
from pypdf import PdfReader

from crisis.desk import here


def text_of(body: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)


def test_the_staff_may_read_and_strangers_may_not(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    paths = (
        "/bericht/",
        "/bericht/lagebericht.pdf",
        "/bericht/lagebericht.md",
        f"/bericht/vorfall/{incident.id}",
        f"/bericht/vorfall/{incident.id}.pdf",
        f"/bericht/vorfall/{incident.id}.md",
    )
    for path in paths:
        assert desk.ben.opens(path).status_code == 200, path
        assert desk.dev.opens(path).status_code == 302, path
    assert desk.ana.opens("/bericht/vorfall/999").status_code == 404
    assert desk.ana.opens("/bericht/lagebericht.exe").status_code == 404


def test_the_report_says_what_goes_on_as_page_pdf_and_markdown(desk: TownHall) -> None:
    incident = desk.rumour_spreads(4)
    desk.ana.acknowledges(incident)
    desk.later(minutes=5)
    page = desk.chloe.opens("/bericht/").text
    assert "1 Gerücht geht um" in page
    assert "Trinkwasser vergiftet" in page
    answer = desk.chloe.opens("/bericht/lagebericht.pdf")
    assert answer.mimetype == "application/pdf"
    assert "lagebericht-2026-11-23-1305.pdf" in answer.headers["Content-Disposition"]
    for body in (
        text_of(answer.data),
        desk.chloe.opens("/bericht/lagebericht.md").text,
    ):
        assert "1 Gerücht geht um" in body
        assert "Trinkwasser vergiftet" in body


def test_authors_of_posts_are_never_named_and_staff_only_when_asked(desk: TownHall) -> None:
    incident = desk.rumour_spreads(3)
    desk.ana.acknowledges(incident)
    for path in ("/bericht/lagebericht.md", f"/bericht/vorfall/{incident.id}.md"):
        text = desk.vera.opens(path).text
        assert "person1" not in text
        assert "Ana" not in text and "A." in text
        assert "Ana" in desk.vera.opens(f"{path}?namen=1").text


def test_one_incident_has_a_report_and_a_way_to_it(desk: TownHall) -> None:
    incident = desk.rumour_spreads(3)
    page = desk.ana.opens(f"/vorfaelle/{incident.id}").text
    assert f'href="/bericht/vorfall/{incident.id}"' in page
    report = desk.ana.opens(f"/bericht/vorfall/{incident.id}?sprache=en").text
    assert "Situation report: Trinkwasser vergiftet" in report
    assert '<article class="report card" lang="en"' in report


def test_exercises_are_told_apart(desk: TownHall) -> None:
    incident = desk.rumour_spreads(2, drill=True)
    assert "kein bekanntes Gerücht" in desk.ana.opens("/bericht/").text
    assert "ÜBUNG" in desk.ana.opens("/bericht/?uebungen=1").text
    assert "ÜBUNG" in desk.ana.opens(f"/bericht/vorfall/{incident.id}.md").text


def test_a_span_of_one_s_own_is_taken_and_a_wrong_one_is_said(desk: TownHall) -> None:
    busy_year(desk, incidents=6, days=3)
    good = desk.ana.opens("/bericht/?stunden=eigener&von=2026-11-20T08:00&bis=2026-11-22T08:00")
    assert "20.11.2026, 08:00 Uhr – 22.11.2026, 08:00 Uhr" in good.text
    for von, bis in (
        ("2026-11-22T08:00", "2026-11-20T08:00"),
        ("2025-11-22T08:00", "2026-11-20T08:00"),
        ("Quatsch", "2026-11-20T08:00"),
        ("2026-03-29T02:30", "2026-11-20T08:00"),  # an hour that the clocks leapt over
    ):
        answer = desk.ana.opens(f"/bericht/?stunden=eigener&von={von}&bis={bis}")
        assert answer.status_code == 422, von
        assert 'role="alert"' in answer.text
    assert desk.ana.opens("/bericht/?stunden=99&sprache=xx").status_code == 200


def test_many_incidents_are_counted_not_listed(desk: TownHall) -> None:
    busy_year(desk, incidents=70, days=1)
    page = desk.ana.opens("/bericht/?stunden=72").text
    assert re.search(r"\d+ weitere, weniger dringende", page)


def test_the_town_s_sign_goes_into_the_pdf(tmp_path) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "wappen.svg").write_text(svg)
    hall = TownHall(tmp_path, CRISIS_AUTHORITY_LOGO="wappen.svg", CRISIS_AUTHORITY_COLOUR="#7a0019")
    try:
        hall.ana.signs_in()
        with_sign = hall.ana.opens("/bericht/lagebericht.pdf").data
        (hall.instance / "wappen.svg").unlink()
        without = hall.ana.opens("/bericht/lagebericht.pdf").data
        assert with_sign.startswith(b"%PDF") and without.startswith(b"%PDF")
        assert len(with_sign) != len(without)
        with hall.app.test_request_context():
            assert here.settings().authority.colour == "#7a0019"
    finally:
        hall.close()


# --- in a browser ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme"), [("de", "light"), ("en", "dark")])
def test_the_pages_shut_nobody_out(
    hall: TownHall, browser: Browser, lang: str, scheme: str
) -> None:
    paths = shots.example(hall)
    busy_year(hall, incidents=10, days=2)
    number = paths["incident-new"].rpartition("/")[2]
    with shots.serving(hall.app) as address:
        context = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 700})
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, hall.chloe, lang)
        for path in ("/bericht/?namen=1", f"/bericht/vorfall/{number}"):
            page.goto(address + path)
            assert page.evaluate("document.documentElement.scrollWidth") == 320, path
            assert barriers(page) == [], path
        assert troubles(page) == []
        context.close()


@pytest.mark.browser
def test_a_report_is_taken_away_with_one_click(hall: TownHall, browser: Browser) -> None:
    hall.rumour_spreads(2)
    hall.later(minutes=1)
    with shots.serving(hall.app) as address:
        page = watched(browser.new_page(), origin=address)
        shots.sign_in(page, address, hall.ana, "de")
        page.goto(f"{address}/bericht/")
        with page.expect_download() as waiting:
            page.get_by_role("link", name="Als PDF").click()
        assert waiting.value.suggested_filename.endswith(".pdf")
        page.close()
