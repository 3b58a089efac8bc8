"""A screen that nobody signs in to: its link shows the picture, and nothing else, and not for ever."""

from __future__ import annotations

import re

import pytest
import shots
from chromium import barriers, chromium, troubles, watched
from people import TownHall

from crisis.errors import InvalidInputError, NotAllowedError
from crisis.workflows import hang

LINKS = "/lage/wand/links"


def hung(hall: TownHall, *, days: str = "30", **more: str) -> str:
    """Vera makes a link; its path."""
    made = hall.vera.presses(LINKS, {"name": "Lagezentrum", "tage": days, **more})
    assert made.status_code == 200
    assert made.headers["Cache-Control"] == "no-store"
    link = re.search(r"(/w/[\w-]{43})<", made.text)
    assert link is not None
    return link[1]


def test_whoever_has_the_link_sees_the_picture_and_needs_no_sign_in(desk: TownHall) -> None:
    desk.rumour_spreads()
    path = hung(desk)
    shown = desk.dev.opens(path)
    assert shown.status_code == 200
    assert 'class="wall__one ' in shown.text
    assert "Set-Cookie" not in shown.headers
    assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert "<form" not in shown.text
    assert 'href="/' not in re.sub(r"<(link|a class=.skip)[^>]*>", "", shown.text), "no way out"


def test_people_are_named_only_where_that_was_wanted(desk: TownHall) -> None:
    incident = desk.rumour_spreads()
    desk.ana.acknowledges(incident)
    without, named = hung(desk), hung(desk, namen="1")
    assert "Ana" not in desk.dev.opens(without).text
    assert "jemand kümmert sich" in desk.dev.opens(without).text
    assert "Ana" in desk.dev.opens(named).text
    assert "Ana" in desk.dev.opens(f"{named}/stand").text


def test_the_picture_is_sent_again_only_when_it_changed(desk: TownHall) -> None:
    path = hung(desk)
    first = desk.dev.opens(f"{path}/stand")
    same = {"If-None-Match": first.headers["ETag"]}
    assert desk.dev.opens(f"{path}/stand", headers=same).status_code == 304
    desk.rumour_spreads()
    assert desk.dev.opens(f"{path}/stand", headers=same).status_code == 200


def test_a_link_ends_by_itself_or_when_it_is_taken_back(desk: TownHall) -> None:
    short, back = hung(desk, days="7"), hung(desk, days="365")
    desk.later(days=6, hours=23)
    assert desk.dev.opens(short).status_code == 200
    desk.later(hours=1)
    assert desk.dev.opens(short).status_code == 404
    assert "gilt nicht mehr" in desk.dev.opens(short).text
    desk.vera.signs_in()
    wall = desk.store.walls.all()[0]
    for _twice in range(2):
        assert desk.vera.presses(f"{LINKS}/{wall.id}/weg").status_code == 302
    assert desk.dev.opens(back).status_code == 404
    assert desk.dev.opens(f"{back}/stand").status_code == 404
    page = desk.vera.opens(LINKS).text
    assert "zurückgenommen" in page
    assert "abgelaufen" in page
    assert desk.vera.presses(f"{LINKS}/999/weg").status_code == 404


@pytest.mark.parametrize("guess", ["x", "A" * 43, "../..", "%00", "a" * 5000])
def test_a_guess_opens_nothing(desk: TownHall, guess: str) -> None:
    hung(desk)
    assert desk.dev.opens(f"/w/{guess}").status_code == 404


def test_the_secret_is_nowhere_but_in_the_link(desk: TownHall) -> None:
    token = hung(desk).rpartition("/")[2]
    assert token not in desk.vera.opens(LINKS).text
    entries = [e for e in desk.store.audit.page() if e.what.startswith("wall:")]
    assert [entry.action for entry in entries] == ["wall.made"]
    assert token not in repr(entries)
    kept = b"".join(file.read_bytes() for file in desk.instance.glob("crisis.db*"))
    assert token.encode() not in kept
    assert hang.hashed(token).encode() in kept


def test_it_is_seen_when_a_screen_last_asked(desk: TownHall) -> None:
    path = hung(desk)
    assert "noch nie" in desk.vera.opens(LINKS).text
    desk.dev.opens(path)
    first = desk.store.walls.all()[0].last_seen
    desk.later(seconds=30)
    desk.dev.opens(path)
    assert desk.store.walls.all()[0].last_seen == first, "to the minute is enough"
    desk.later(seconds=31)
    desk.dev.opens(f"{path}/stand")
    assert desk.store.walls.all()[0].last_seen == desk.now


def test_only_administrators_make_links(desk: TownHall) -> None:
    for visitor in (desk.ana, desk.ben, desk.chloe):
        assert visitor.opens(LINKS).status_code == 403
        assert visitor.presses(LINKS, {"name": "x", "tage": "7"}).status_code == 403
        assert "Bildschirm ohne Anmeldung" not in visitor.opens("/lage/wand").text
    assert desk.dev.opens(LINKS).location.startswith("/anmelden")
    assert "Bildschirm ohne Anmeldung" in desk.vera.opens("/lage/wand").text
    assert desk.ana.person is not None
    with pytest.raises(NotAllowedError):
        hang.make(desk.store, "x", 7, desk.ana.person, desk.now)
    with pytest.raises(NotAllowedError):
        hang.take_down(desk.store, 1, desk.ana.person, desk.now)


def test_what_is_missing_is_said_and_what_was_typed_stays(desk: TownHall) -> None:
    refused = desk.vera.presses(LINKS, {"name": " ", "tage": "30"})
    assert refused.status_code == 422
    assert "wo der Bildschirm hängt" in refused.text
    assert desk.vera.presses(LINKS, {"name": "x" * 81, "tage": "30"}).status_code == 422
    assert desk.vera.presses(LINKS, {"name": "x", "tage": "3000"}).status_code == 422
    assert desk.store.walls.all() == []
    assert desk.vera.person is not None
    with pytest.raises(InvalidInputError):
        hang.make(desk.store, "x", 8, desk.vera.person, desk.now)


@pytest.mark.browser
def test_the_screen_renews_itself_and_says_when_it_cannot(desk: TownHall) -> None:
    path = hung(desk)
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1920, "height": 1080})
        with shots.serving(desk.app) as address:
            page = watched(context.new_page(), origin=address)
            page.goto(address + path)
            assert page.locator(".wall__one").count() == 0
            assert barriers(page) == []
            desk.rumour_spreads()
            page.wait_for_selector(".wall__one", timeout=20_000)
            wall = desk.store.walls.all()[0]
            desk.vera.presses(f"{LINKS}/{wall.id}/weg")
            page.wait_for_selector("text=gilt nicht mehr", timeout=20_000)
            other = context.new_page()
            other.goto(address + hung(desk))
            assert troubles(page) == []
        other.wait_for_selector("[data-lost]:not([hidden])", timeout=20_000)
        assert "Keine Verbindung seit" in other.locator("[data-lost]").inner_text()
        context.close()
