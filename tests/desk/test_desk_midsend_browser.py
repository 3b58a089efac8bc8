"""Somebody withdraws an answer in the browser while it is on its way onto the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shots
from chromium import chromium, troubles, watched
from networks import Networks
from outlets import Asked
from playwright.sync_api import expect

from crisis import wiring
from crisis.workflows import publish

pytestmark = pytest.mark.browser


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Networks]:
    made = Networks(tmp_path)
    yield made
    made.close()


def test_a_withdrawal_in_the_middle_of_a_send(town: Networks) -> None:
    made = town.released("mastodon", "bluesky")
    hall, arrived, go_on = town.hall, threading.Event(), threading.Event()

    def held(asked: Asked) -> None:
        if asked["method"] == "POST" and asked["path"] == "/api/v1/statuses":
            arrived.set()
            go_on.wait(30)

    def monitor() -> None:
        house = wiring.house(hall.instance, hall.environ)
        for _ in range(6):
            publish.publish(house, "monitor:1", hall.now)
        house.store.close()  # type: ignore[attr-defined]

    town.masto.trouble = held
    sending = threading.Thread(target=monitor)
    with chromium() as browser, shots.serving(hall.app) as address:
        page = watched(browser.new_context(locale="de").new_page(), origin=address)
        shots.sign_in(page, address, hall.chloe)
        page.goto(f"{address}/antworten/{made.id}")
        sending.start()
        try:
            assert arrived.wait(30)
            page.get_by_text("Zurückziehen", exact=True).click()
            page.fill("#grund", "Das Labor misst neu.")
            page.get_by_role("button", name="Sichtbar zurückziehen").click()
            expect(page.get_by_text("Zurückgezogen. Die öffentliche Seite").first).to_be_visible()
        finally:
            go_on.set()
            sending.join(60)
        town.sends()
        # What was under way arrived and was taken back at once; what waited never went out.
        assert [text.startswith("Zurückgezogen am") for text in town.masto.texts] == [True]
        assert town.sky.texts == []
        page.reload()
        expect(page.locator(".stands")).to_contain_text("Rückzug dort gesagt")
        assert troubles(page) == []
