"""At night: Ana is alone, lets an approved answer out by herself, and Chloé looks at it in the morning."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shots
from builders import playbook
from chromium import barriers, chromium, troubles, watched
from people import TownHall
from playwright.sync_api import Page, expect

from crisis.types import ResponseState
from crisis.workflows import respond

pytestmark = pytest.mark.browser

NIGHT = datetime(2026, 11, 24, 2, 10, tzinfo=UTC)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_RELEASE_EMERGENCY="true")
    yield made
    made.close()


def test_an_emergency_release_at_night_and_the_look_in_the_morning(hall: TownHall) -> None:
    hall.chloe_approves()
    hall.now = NIGHT
    incident = hall.rumour_spreads()
    assert hall.ana.person is not None
    respond.draft(
        hall.store, incident.id, playbook(), hall.ana.person, hall.now, today=hall.now.date()
    )
    (made,) = hall.store.responses.of_incident(incident.id)
    with chromium() as browser, shots.serving(hall.app) as address:

        def signed_in(visitor: object) -> Page:
            page = watched(browser.new_context(locale="de").new_page(), origin=address)
            shots.sign_in(page, address, visitor)  # type: ignore[arg-type]
            return page

        ana = signed_in(hall.ana)
        ana.goto(f"{address}/antworten/{made.id}")
        ana.fill("[name=b-naechste_info]", "heute um 6 Uhr")
        ana.get_by_role("button", name="Zur Freigabe geben").first.click()
        ana.get_by_text("Niemand da? Im Notfall allein freigeben").click()
        assert barriers(ana) == []
        ana.fill("#grund", "Niemand sonst ist nachts zu erreichen.")
        ana.get_by_role("button", name="Allein freigeben und veröffentlichen").click()
        expect(ana.get_by_text("Eine zweite Person muss nachsehen").first).to_be_visible()
        assert hall.store.responses.get(made.id).state is ResponseState.RELEASED
        mails = [mail for mail in hall.store.alerts.recent() if mail.kind.value == "alone"]
        assert hall.chloe.person is not None
        assert hall.chloe.person.id in {mail.person_id for mail in mails}

        hall.later(hours=4)
        chloe = signed_in(hall.chloe)
        chloe.goto(address)
        chloe.get_by_role("link", name="Nachsehen, allein freigegeben").first.click()
        assert barriers(chloe) == []
        chloe.get_by_role("button", name="Nachgesehen: Stimmt so").click()
        expect(chloe.get_by_text("inzwischen nachgesehen").first).to_be_visible()
        assert troubles(ana) == troubles(chloe) == []
