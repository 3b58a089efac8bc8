"""A rush on the citizens' pages, what stands above them, and pages in the frame of other websites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from people import TownHall
from test_public_pages import FEED, LIST, corrected, page, published, withdrawn

from crisis.errors import IllegalMoveError, InvalidInputError, NotAllowedError
from crisis.public import corrections
from crisis.public.kept import Shelf
from crisis.workflows import pin


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was rendered anew, not taken from the shelf."""
    made: list[str] = []
    original = corrections.frame

    def frame(path: str) -> dict[str, object]:
        made.append(path)
        return original(path)

    monkeypatch.setattr(corrections, "frame", frame)
    return made


def test_a_page_is_made_once_for_all_strangers(hall: TownHall, rendered: list[str]) -> None:
    answer = published(hall)
    shown = {hall.dev.opens(page(answer)).data for _ in range(5)}
    assert len(shown) == 1
    assert rendered == [page(answer)]


def test_a_change_is_seen_by_the_very_next_reader(hall: TownHall, rendered: list[str]) -> None:
    answer = published(hall)
    for path in (LIST, FEED, page(answer)):
        hall.dev.opens(path)
    hall.later(seconds=5)
    corrected(hall, answer)
    assert "heute um 20 Uhr" in hall.dev.opens(page(answer)).text
    assert "heute um 20 Uhr" in hall.dev.opens(FEED).text
    withdrawn(hall, hall.store.responses.revisions(answer.slug)[0])
    assert "zurückgezogen" in hall.dev.opens(LIST).text


def test_staff_and_strangers_never_share_a_page(hall: TownHall) -> None:
    drill = published(hall, drill=True)
    hall.ana.signs_in()
    staff = hall.ana.opens(LIST)
    assert drill.title in staff.text
    assert staff.headers["Cache-Control"] == "no-store"
    assert drill.title not in hall.dev.opens(LIST).text
    hall.dev.opens(LIST)
    assert drill.title in hall.ana.opens(LIST).text


def test_languages_and_pages_are_kept_apart(hall: TownHall) -> None:
    published(hall)
    german, english = hall.dev.opens(LIST).text, hall.dev.opens(f"{LIST}?sprache=en").text
    assert '<html lang="de">' in german
    assert '<html lang="en">' in english
    assert '<html lang="de">' in hall.dev.opens(LIST, headers={"Accept-Language": "en"}).text
    assert hall.dev.opens(LIST).headers["Vary"] == "Accept-Encoding"


def test_headers_of_one_answer_do_not_stick_to_the_next(hall: TownHall) -> None:
    first = hall.dev.opens(LIST)
    again = hall.dev.opens(LIST, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    third = hall.dev.opens(LIST)
    assert third.status_code == 200
    assert sorted(third.headers) == sorted(first.headers)


def test_the_shelf_gives_up_the_oldest_when_it_is_full(hall: TownHall) -> None:
    from flask import Response

    shelf = Shelf(room=25)
    for name in "abc":
        shelf.put(name, (), hall.now.replace(year=2030), Response(name * 10))
    assert shelf.find("a", (), hall.now) is None
    assert shelf.find("c", (), hall.now) is not None
    shelf.put("c", (), hall.now.replace(year=2030), Response("c" * 100))  # too large for the shelf
    assert shelf.find("c", (), hall.now) is None
    shelf.put("d", (1,), hall.now, Response("d"))
    assert shelf.find("d", (1,), hall.now) is None, "its time is over"
    assert shelf.find("d", (2,), hall.now) is None


# --- above all pages ------------------------------------------------------------------------------


def test_what_everybody_must_see_stands_above_all_pages(hall: TownHall) -> None:
    answer, other = published(hall), published(hall)
    hall.chloe.signs_in()
    path = f"/antworten/{answer.id}/oben"
    assert hall.chloe.presses(path, {"stunden": "6"}).status_code == 302
    for public in (LIST, page(other), "/klarstellungen/gibt-es-nicht"):
        assert ("Aktuelle Lage" in hall.dev.opens(public).text) == ("gibt-es" not in public)
    assert "Aktuelle Lage" not in hall.dev.opens(page(answer)).text, "it need not point at itself"
    hall.later(hours=6, minutes=1)
    assert "Aktuelle Lage" not in hall.dev.opens(LIST).text


def test_it_can_be_taken_down_and_goes_with_its_answer(hall: TownHall) -> None:
    answer = published(hall)
    hall.chloe.signs_in()
    hall.chloe.presses(f"/antworten/{answer.id}/oben", {"stunden": "72"})
    assert "Herunternehmen" in hall.chloe.opens(f"/antworten/{answer.id}").text
    hall.chloe.presses(f"/antworten/{answer.id}/oben", {"weg": "1"})
    hall.chloe.presses(f"/antworten/{answer.id}/oben", {"weg": "1"})
    assert "Aktuelle Lage" not in hall.dev.opens(LIST).text
    hall.chloe.presses(f"/antworten/{answer.id}/oben", {"stunden": "72"})
    assert "Aktuelle Lage" in hall.dev.opens(LIST).text
    withdrawn(hall, hall.store.responses.get(answer.id))
    assert "Aktuelle Lage" not in hall.dev.opens(LIST).text


def test_its_corrected_version_stays_up(hall: TownHall) -> None:
    answer = published(hall)
    assert hall.chloe.person is not None
    pin.put_up(hall.store, answer.id, 24, hall.chloe.person, hall.now)
    corrected(hall, answer)
    assert "Aktuelle Lage" in hall.dev.opens(LIST).text


def test_only_who_may_release_puts_something_up(hall: TownHall) -> None:
    answer = published(hall)
    ana, chloe = hall.ana.person, hall.chloe.person
    assert ana is not None
    assert chloe is not None
    with pytest.raises(NotAllowedError):
        pin.put_up(hall.store, answer.id, 6, ana, hall.now)
    with pytest.raises(NotAllowedError):
        pin.take_down(hall.store, answer.id, ana, hall.now)
    with pytest.raises(InvalidInputError):
        pin.put_up(hall.store, answer.id, 7, chloe, hall.now)
    waiting = hall.submitted(hall.rumour_spreads())
    with pytest.raises(IllegalMoveError):
        pin.put_up(hall.store, waiting.id, 6, chloe, hall.now)


def test_an_exercise_never_stands_above_the_pages(hall: TownHall) -> None:
    drill = published(hall, drill=True)
    assert hall.chloe.person is not None
    pin.put_up(hall.store, drill.id, 6, hall.chloe.person, hall.now)
    assert "Aktuelle Lage" not in hall.dev.opens(LIST).text


# --- in the frame of other websites -----------------------------------------------------------------


@pytest.fixture
def town(tmp_path: Path) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_PUBLIC_EMBED_HOSTS="https://www.stadt.example")
    made.chloe_approves()
    yield made
    made.close()


def test_a_named_website_may_show_the_newest(town: TownHall) -> None:
    answers = [published(town) for _ in range(3)]
    shown = town.dev.opens("/klarstellungen/einbetten?zahl=2")
    assert shown.text.count("<li ") == 2
    assert answers[0].title in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://www.stadt.example")
    assert "X-Frame-Options" not in shown.headers
    assert "frame-ancestors 'none'" in town.dev.opens(LIST).headers["Content-Security-Policy"]


@pytest.mark.parametrize("many", ["0", "-3", "999", "x"])
def test_a_frame_holds_one_to_five(town: TownHall, many: str) -> None:
    assert town.dev.opens(f"/klarstellungen/einbetten?zahl={many}").status_code == 200


def test_nobody_may_until_the_settings_say_who(hall: TownHall) -> None:
    refused = hall.dev.opens("/klarstellungen/einbetten")
    assert refused.status_code == 404
    assert "embed_hosts" in refused.text
