"""What citizens read: list, page, feed."""

from __future__ import annotations

import logging
import re
from io import BytesIO

import feedparser
import pytest
from people import TownHall

from crisis.types import Response
from crisis.workflows import respond

LIST, FEED = "/klarstellungen/", "/klarstellungen/feed.atom"


def published(hall: TownHall, *, drill: bool = False) -> Response:
    return hall.released(hall.rumour_spreads(drill=drill))


def corrected(hall: TownHall, old: Response, note: str = "Die Uhrzeit war falsch.") -> Response:
    ana, chloe = hall.ana.person, hall.chloe.person
    assert ana is not None
    assert chloe is not None
    new = respond.correct(hall.store, old.id, ana, hall.now)
    filled = respond.fill(
        hall.store,
        new.id,
        title=new.title,
        values={"naechste_info": "heute um 20 Uhr"},
        change_note=note,
        by=ana,
        now=hall.now,
        version=new.version,
    )
    respond.submit(hall.store, filled.id, ana, hall.now)
    return respond.release(hall.store, new.id, chloe, hall.now, today=hall.now.date())


def withdrawn(hall: TownHall, answer: Response) -> Response:
    assert hall.chloe.person is not None
    reason = "Das Labor hat neue Werte <gefunden>."
    return respond.withdraw(hall.store, answer.id, reason, hall.chloe.person, hall.now)


def page(answer: Response) -> str:
    return LIST + answer.slug


def test_a_released_answer_is_on_the_list_and_at_its_address(hall: TownHall) -> None:
    answer = published(hall)
    assert answer.title in hall.dev.opens(LIST).text
    shown = hall.dev.opens(page(answer))
    assert shown.status_code == 200
    assert f"<h1>{answer.title}</h1>" in shown.text
    assert "Das Wasser ist geprüft" in shown.text
    assert "heute um 18 Uhr" in shown.text
    assert '<time datetime="2026-11-23T12:00:00+00:00">23. November 2026, 13:00 Uhr</time>' in (
        shown.text
    )
    assert f'<meta property="og:title" content="{answer.title}">' in shown.text
    assert f'content="https://musterstadt.example{page(answer)}"' in shown.text


def test_what_is_not_released_is_not_shown(hall: TownHall) -> None:
    waiting = hall.submitted(hall.rumour_spreads())
    listed = hall.dev.opens(LIST)
    assert "keine Klarstellungen" in listed.text
    assert waiting.title not in listed.text
    assert waiting.title not in hall.dev.opens(FEED).text


def test_no_page_sets_a_cookie_or_runs_a_script(hall: TownHall) -> None:
    answer = published(hall)
    paths = (LIST, FEED, page(answer), f"{LIST}fehlt", f"{LIST}?lang=en", f"{LIST}?sprache=en")
    for path in paths:
        shown = hall.dev.opens(path)
        assert "Set-Cookie" not in shown.headers, path
        scripts = re.findall(r"<script\b[^>]*>", shown.text)
        assert set(scripts) <= {'<script type="application/ld+json">'}, path  # data, never run


def test_a_correction_shows_what_it_changed(hall: TownHall) -> None:
    first = published(hall)
    hall.later(hours=2)
    corrected(hall, first)
    shown = hall.dev.opens(page(first)).text
    assert "aktualisiert am" in shown
    assert "Die Uhrzeit war falsch." in shown
    assert "heute um 20 Uhr" in shown
    assert "heute um 18 Uhr" not in shown
    assert "Fassung 1" in shown
    assert hall.dev.opens(LIST).text.count("<article") == 1


def test_a_withdrawn_answer_stays_and_says_so(hall: TownHall) -> None:
    answer = published(hall)
    hall.later(hours=1)
    withdrawn(hall, answer)
    shown = hall.dev.opens(page(answer))
    assert shown.status_code == 200
    assert "Wir haben diese Klarstellung zurückgezogen." in shown.text
    assert "neue Werte &lt;gefunden&gt;" in shown.text
    assert "zurückgezogen am" in hall.dev.opens(LIST).text


def test_the_feed_is_valid_and_its_ids_stay(hall: TownHall) -> None:
    answer = published(hall)
    first = feedparser.parse(BytesIO(hall.dev.opens(FEED).data))
    assert not first.bozo
    (entry,) = first.entries
    assert entry.title == answer.title
    assert entry.link == f"https://musterstadt.example{page(answer)}"
    assert entry.published == entry.updated == "2026-11-23T12:00:00Z"
    assert "Das Wasser ist geprüft" in entry.content[0].value
    hall.later(hours=2)
    corrected(hall, answer)
    (again,) = feedparser.parse(BytesIO(hall.dev.opens(FEED).data)).entries
    assert again.id == entry.id
    assert again.published == entry.published
    assert again.updated == "2026-11-23T14:00:00Z"
    withdrawn(hall, corrected(hall, hall.store.responses.revisions(answer.slug)[0]))
    (gone,) = feedparser.parse(BytesIO(hall.dev.opens(FEED).data)).entries
    assert gone.title.startswith("Zurückgezogen:")
    assert "neue Werte &lt;gefunden&gt;" in gone.content[0].value


def test_an_empty_feed_is_a_feed(hall: TownHall) -> None:
    answer = hall.dev.opens(FEED)
    assert answer.content_type.startswith("application/atom+xml")
    assert not feedparser.parse(BytesIO(answer.data)).bozo


@pytest.mark.parametrize("which", ["list", "page", "feed"])
def test_what_has_not_changed_is_not_sent_again(hall: TownHall, which: str) -> None:
    answer = published(hall)
    path = {"list": LIST, "page": page(answer), "feed": FEED}[which]
    first = hall.dev.opens(path)
    assert first.headers["Cache-Control"].startswith("public, max-age=60, stale-")
    assert first.headers["Last-Modified"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    again = hall.dev.opens(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    hall.later(minutes=5)
    withdrawn(hall, answer)
    assert hall.dev.opens(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_exercise_is_seen_by_staff_only(hall: TownHall) -> None:
    answer = published(hall, drill=True)
    assert hall.dev.opens(page(answer)).status_code == 404
    for path in (LIST, FEED):
        assert answer.title not in hall.dev.opens(path).text
    hall.ben.signs_in()
    shown = hall.ben.opens(page(answer))
    assert shown.status_code == 200
    assert "ÜBUNG" in shown.text
    assert "noindex" in shown.headers["X-Robots-Tag"]
    assert shown.headers["Cache-Control"] == "no-store"
    assert "ÜBUNG" in hall.ben.opens(LIST).text
    assert answer.title not in hall.ben.opens(FEED).text


def test_an_unknown_address_is_explained_in_the_same_frame(hall: TownHall) -> None:
    answer = hall.dev.opens(f"{LIST}gibt-es-nicht")
    assert answer.status_code == 404
    assert "Zu allen Klarstellungen" in answer.text


def test_the_page_is_in_the_language_of_the_answer(hall: TownHall) -> None:
    answer = published(hall)
    assert (
        '<html lang="de">' in hall.dev.opens(page(answer), headers={"Accept-Language": "en"}).text
    )
    assert '<html lang="en">' in hall.dev.opens(f"{LIST}?sprache=en").text


def test_one_answer_that_cannot_be_shown_does_not_hide_the_others(
    hall: TownHall, caplog: pytest.LogCaptureFixture
) -> None:
    from dataclasses import replace

    good = published(hall)
    with hall.store.transaction():
        hall.store.responses.add(
            replace(good, id=0, slug="kaputt", texts={"kurz": "Nur kurz."}, values={})
        )
    with caplog.at_level(logging.WARNING):
        assert good.title in hall.dev.opens(LIST).text
    assert "cannot be shown" in caplog.text
    assert hall.dev.opens(f"{LIST}kaputt").status_code == 404


def test_a_long_list_has_pages(hall: TownHall) -> None:
    from dataclasses import replace

    good = published(hall)
    with hall.store.transaction():
        for number in range(40):
            hall.store.responses.add(replace(good, id=0, slug=f"a-{number}"))
    assert hall.dev.opens(LIST).text.count("<article") == 30
    assert hall.dev.opens(f"{LIST}?seite=2").text.count("<article") == 11
