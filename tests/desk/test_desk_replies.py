"""A reply below one post: the approved words, exactly once, never after a withdrawal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shots
from builders import PLAYBOOK, playbook
from chromium import barriers, chromium, troubles, watched
from networks import Networks
from people import POST

from crisis.channels.plan import Going, Outlet
from crisis.channels.reply import network_of, reply
from crisis.errors import InvalidInputError
from crisis.types import Incident, Response, Sighting
from crisis.workflows import approve, post_by_hand, respond

TEXT = PLAYBOOK.replace("[website, kurz]", "[website, kurz, kommentar]").rstrip() + (
    "\n\n## Antwort: kommentar\n\nDas stimmt nicht: Das Wasser ist geprüft. Mehr {{ naechste_info }}.\n"
)
MASTO = "https://mastodon.example/@mia/42"
SKY = "https://bsky.app/profile/mia.example/post/3kabc"


class Replying(Networks):
    """An incident with posts on both networks, and an answer that has words for comments."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (self.hall.playbooks / "trinkwasser.md").write_text(TEXT, "utf-8")
        assert self.hall.chloe.person is not None
        approve.approve(self.hall.store, playbook(TEXT), self.hall.chloe.person, self.hall.now)
        self.sky.others["3kabc"] = {"text": POST}
        self.masto_post, self.sky_post = self.sees(MASTO), self.sees(SKY)

    def sees(self, url: str, **more: Any) -> Sighting:
        incident = self.hall.sees(f"{POST} {url[-4:]}", url=url, **more)
        assert incident is not None
        return self.hall.store.sightings.of_incident(incident.id, limit=1)[0]

    def out(self, *codes: str) -> Response:
        hall = self.hall
        assert hall.ana.person is not None and hall.chloe.person is not None
        made = respond.draft(
            hall.store,
            self.incident.id,
            playbook(TEXT),
            hall.ana.person,
            hall.now,
            today=hall.now.date(),
        )
        hall.ana.fills(made, submit=True, naechste_info="um 18 Uhr")
        made = hall.store.responses.get(made.id)
        hall.chloe.presses(
            f"/antworten/{made.id}/veroeffentlichen",
            {"version": str(made.version), "kanaele": "1", "kanal": list(codes)},
        )
        self.sends()
        return hall.store.responses.get(made.id)

    def path(self, sighting: Sighting) -> str:
        return f"/vorfaelle/{self.incident.id}/beitraege/{sighting.id}/antworten"

    def asks(self, sighting: Sighting) -> str:
        return self.hall.ana.opens(self.path(sighting)).text

    def replies(self, sighting: Sighting) -> int:
        code = self.hall.ana.presses(self.path(sighting)).status_code
        self.sends()
        return code

    def incident_page(self) -> str:
        return self.hall.ana.opens(f"/vorfaelle/{self.incident.id}").text


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Replying]:
    made = Replying(tmp_path)
    yield made
    made.close()


def test_a_reply_stands_below_the_post_with_the_approved_words(town: Replying) -> None:
    made = town.out()
    assert "Darauf antworten" in town.incident_page()
    page = town.asks(town.masto_post)
    assert "Das stimmt nicht: Das Wasser ist geprüft. Mehr um 18 Uhr." in page
    assert town.masto.texts == []  # looking sends nothing
    assert town.replies(town.masto_post) == 302
    (status,) = town.masto.statuses.values()
    assert status["in_reply_to_id"] == "9000"
    assert town.masto.texts[0].endswith(f"/klarstellungen/{made.slug}")
    assert town.replies(town.sky_post) == 302
    (record,) = town.sky.records.values()
    assert record["reply"]["parent"]["uri"].endswith("/3kabc")
    assert record["embed"]["external"]["uri"].endswith(made.slug)
    assert "beantwortet" in town.incident_page()
    assert "unter einem Beitrag geantwortet" in town.page(made)


def test_pressing_twice_replies_once(town: Replying) -> None:
    town.out("mastodon")
    assert [town.replies(town.masto_post) for _ in range(2)] == [302, 302]
    assert len(town.masto.texts) == 2
    assert "beantwortet" in town.asks(town.masto_post)


def test_without_a_released_answer_nothing_is_offered(town: Replying) -> None:
    assert "Darauf antworten" not in town.incident_page()
    assert "Erst muss eine Antwort" in town.asks(town.masto_post)
    assert town.replies(town.masto_post) == 409
    assert town.masto.texts == []


def test_a_post_elsewhere_is_answered_by_hand(town: Replying) -> None:
    town.out()
    forum = town.sees("https://forum.example/99")
    assert "nicht eingerichtet" in town.asks(forum)
    assert town.replies(forum) == 422


def test_an_answer_without_words_for_comments_says_so(town: Replying) -> None:
    town.released()
    assert "Darauf antworten" not in town.incident_page()
    assert "mit einem Text für Kommentare" in town.asks(town.masto_post)


@pytest.mark.parametrize("url", [MASTO, SKY])
def test_a_post_that_is_gone_is_not_answered_into_thin_air(town: Replying, url: str) -> None:
    made = town.out()
    town.sky.others.clear()
    lost = town.sees("https://other.example/@tom/7") if url == MASTO else town.sky_post
    town.replies(lost)
    assert town.masto.texts == town.sky.texts == []
    assert "nicht (mehr) zu finden" in town.page(made)
    assert "Antwort gescheitert" in town.incident_page()


def test_a_network_that_does_not_answer_is_asked_again(town: Replying) -> None:
    town.out()
    town.masto.trouble = lambda asked: (503, {}, {}) if "search" in asked["path"] else None
    town.sky.trouble = lambda asked: (503, {}, {}) if "getRecord" in asked["path"] else None
    for post in (town.masto_post, town.sky_post):
        town.replies(post)
    assert "Antwort geht hinaus" in town.incident_page()
    town.masto.trouble = town.sky.trouble = lambda asked: None
    town.hall.later(minutes=5)
    town.sends()
    assert len(town.masto.texts) == len(town.sky.texts) == 1


def test_a_withdrawal_takes_replies_away_and_stops_those_that_wait(town: Replying) -> None:
    made = town.out()
    town.replies(town.sky_post)
    town.hall.ana.presses(town.path(town.masto_post))
    town.hall.chloe.presses(f"/antworten/{made.id}/zurueckziehen", {"grund": "Neu gemessen."})
    town.sends()
    assert town.masto.texts == town.sky.texts == []
    assert "Darauf antworten" not in town.incident_page()


def test_after_a_correction_the_old_reply_goes_and_a_new_one_may_come(town: Replying) -> None:
    made = town.out()
    town.replies(town.masto_post)
    hall = town.hall
    hall.ana.presses(f"/antworten/{made.id}/berichtigen")
    new = hall.store.responses.of_incident(town.incident.id)[-1]
    hall.ana.presses(
        f"/antworten/{new.id}",
        {
            "titel": new.title,
            "version": str(new.version),
            "b-naechste_info": "um 20 Uhr",
            "aenderung": "Uhrzeit.",
            "weiter": "freigabe",
        },
    )
    new = hall.store.responses.get(new.id)
    hall.chloe.presses(
        f"/antworten/{new.id}/veroeffentlichen", {"version": str(new.version), "kanaele": "1"}
    )
    town.sends()
    assert town.masto.texts == []
    town.replies(town.masto_post)
    assert "um 20 Uhr" in town.masto.texts[0]


def test_strangers_and_the_administration_may_not_reply(town: Replying) -> None:
    town.out()
    for person in (town.hall.vera, town.hall.dev):
        assert person.presses(town.path(town.masto_post)).status_code in (400, 403)
        assert person.opens(town.path(town.masto_post)).status_code in (302, 403)
    town.sends()
    assert town.masto.texts == []


def test_a_post_of_another_incident_or_an_exercise_is_refused(town: Replying) -> None:
    town.out()
    other = town.path(town.masto_post).replace(f"/{town.incident.id}/", "/4711/")
    assert town.hall.ana.opens(other).status_code == 404
    exercise: Incident = town.hall.rumour_spreads(1, drill=True)
    (seen,) = town.hall.store.sightings.of_incident(exercise.id, limit=1)
    wrong = f"/vorfaelle/{exercise.id}/beitraege/{town.masto_post.id}/antworten"
    assert town.hall.ana.opens(wrong).status_code == 404
    path = f"/vorfaelle/{exercise.id}/beitraege/{seen.id}/antworten"
    assert town.hall.ana.presses(path).status_code == 409
    assert "nicht eingerichtet" in town.hall.ana.opens(path).text


def test_a_failed_reply_can_be_tried_again(town: Replying) -> None:
    made = town.out()
    town.masto.trouble = lambda asked: (401, {}, {}) if asked["method"] == "POST" else None
    town.replies(town.masto_post)
    town.masto.trouble = lambda asked: None
    (row,) = town.hall.store.publications.replies(town.incident.id)
    assert row.response_id == made.id and town.hall.ana.person is not None
    post_by_hand.again(town.hall.store, row.id, town.hall.ana.person, town.hall.now)
    town.sends()
    assert len(town.masto.texts) == 1


@pytest.mark.parametrize(
    ("url", "code"),
    [
        (MASTO, "mastodon"),
        ("https://social.example/@mia@other.example/42", "mastodon"),
        ("https://social.example/users/mia/statuses/42", "mastodon"),
        (SKY, "bluesky"),
        ("https://bsky.app/profile/mia.example", ""),
        ("http://mastodon.example/@mia/42", ""),
        ("https://mastodon.example/@mia/42/edit", ""),
        ("https://x.com/mia/status/42", ""),
        ("https://[::1", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_network_is_known_by_the_address_of_the_post(url: str, code: str) -> None:
    assert network_of(url) == code


def test_a_comment_too_long_goes_without_its_address_or_not_at_all(town: Replying) -> None:
    made = town.out()
    going = Going(zone=town.hall.now.tzinfo, page="https://a.example/{slug}")  # type: ignore[arg-type]
    whole = reply(Outlet(code="mastodon"), made, going, MASTO).text
    assert "https://a.example/" in whole
    short = reply(Outlet(code="mastodon", most=60), made, going, MASTO).text
    assert "https://" not in short
    with pytest.raises(InvalidInputError, match="too long"):
        reply(Outlet(code="mastodon", most=20), made, going, MASTO)
    with pytest.raises(InvalidInputError, match="no text"):
        reply(Outlet(code="mastodon"), town.released(), going, MASTO)


@pytest.mark.browser
@pytest.mark.parametrize(("lang", "scheme", "width"), [("de", "light", 1280), ("en", "dark", 320)])
def test_the_page_of_a_reply_is_free_of_barriers(
    town: Replying, lang: str, scheme: str, width: int
) -> None:
    town.out()
    with chromium() as browser, shots.serving(town.hall.app) as address:
        context = browser.new_context(
            color_scheme=scheme,  # type: ignore[arg-type]
            viewport={"width": width, "height": 800},
        )
        page = watched(context.new_page(), origin=address)
        shots.sign_in(page, address, town.hall.chloe, lang)
        for name, path in (
            ("reply", town.path(town.masto_post)),
            ("reply-elsewhere", town.path(town.sees("https://forum.example/99"))),
            ("reply-incident", f"/vorfaelle/{town.incident.id}"),
        ):
            page.goto(address + path)
            assert barriers(page) == [], name
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            if folder := os.environ.get("PICTURES"):
                page.screenshot(path=f"{folder}/{name}.{lang}.{width}.png", full_page=True)
        page.goto(address + town.path(town.masto_post))
        page.get_by_role("button", name="So antworten" if lang == "de" else "Reply so").press(
            "Enter"
        )
        page.wait_for_url("**/vorfaelle/**")
        assert troubles(page) == []
