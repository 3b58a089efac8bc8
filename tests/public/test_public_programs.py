"""What programs read of the corrections: feeds, claims for search engines, the map of the site, pictures."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import feedparser
import pytest
from people import TownHall
from PIL import Image
from test_public_pages import FEED, LIST, corrected, page, published, withdrawn

from crisis.public.structured import RATINGS, claim_review
from crisis.types import Response, RumourStatus
from crisis.workflows import catalogue

HOME = "https://musterstadt.example"


def found(hall: TownHall, status: RumourStatus, text: str = "") -> None:
    """The catalogue knows now what is true of the rumour."""
    from dataclasses import replace

    with hall.store.transaction():
        rumour = hall.store.rumours.get("wasser")
        changed = replace(rumour, status=status, text=text or rumour.text)
        hall.store.rumours.put(changed, hall.now)


def reviewed(hall: TownHall, answer: Response) -> dict[str, object] | None:
    shown = hall.dev.opens(page(answer)).text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', shown, re.DOTALL)
    return json.loads(block[1]) if block else None


def test_search_engines_learn_the_claim_and_what_was_found(hall: TownHall) -> None:
    found(hall, RumourStatus.FALSE)
    answer = published(hall)
    review = reviewed(hall, answer)
    assert review is not None
    assert review["@type"] == "ClaimReview"
    assert review["claimReviewed"] == hall.store.rumours.get("wasser").text
    assert review["url"] == HOME + page(answer)
    assert review["author"]["name"] == "Musterstadt"  # type: ignore[index]
    rating = {"@type": "Rating", "alternateName": "Falsch"}
    assert review["reviewRating"] == rating | {"ratingValue": 1, "bestRating": 5, "worstRating": 1}
    assert review["datePublished"] == review["dateModified"] == "2026-11-23T12:00:00Z"


def test_a_rumour_still_looked_into_is_not_rated(hall: TownHall) -> None:
    found(hall, RumourStatus.SUSPECTED)
    assert reviewed(hall, published(hall)) is None


def test_what_the_second_person_read_is_what_search_engines_get(hall: TownHall) -> None:
    found(hall, RumourStatus.MISLEADING, "Das Trinkwasser sei vergiftet.")
    answer = published(hall)
    found(hall, RumourStatus.TRUE, "Etwas ganz anderes, das niemand freigegeben hat.")
    review = reviewed(hall, answer)
    assert review is not None
    assert review["claimReviewed"] == "Das Trinkwasser sei vergiftet."
    assert review["reviewRating"]["alternateName"] == "Irreführend"  # type: ignore[index]


def test_a_claim_cannot_leave_its_block(hall: TownHall) -> None:
    evil = "</script><script>alert(1)</script> & <!-- vergiftet"
    found(hall, RumourStatus.FALSE, evil)
    answer = published(hall)
    assert "<script>alert" not in hall.dev.opens(page(answer)).text
    review = reviewed(hall, answer)
    assert review is not None
    assert review["claimReviewed"] == evil


def test_what_was_withdrawn_or_is_an_exercise_is_no_review(hall: TownHall) -> None:
    found(hall, RumourStatus.FALSE)
    answer = published(hall)
    withdrawn(hall, answer)
    assert reviewed(hall, answer) is None
    drill = published(hall, drill=True)
    hall.ana.signs_in()
    assert "ld+json" not in hall.ana.opens(page(drill)).text


@pytest.mark.parametrize("status", RumourStatus)
@pytest.mark.parametrize("lang", ["de", "en", "tr"])
def test_every_finding_has_words(hall: TownHall, status: RumourStatus, lang: str) -> None:
    review = claim_review(
        claim="x  y",
        finding=status,
        title="t",
        address=HOME,
        lang=lang,
        authority="M",
        home=HOME,
        published=hall.now,
        modified=hall.now,
    )
    if status is RumourStatus.SUSPECTED:
        assert review is None
        return
    assert review is not None
    assert review["claimReviewed"] == "x y"
    assert review["reviewRating"]["alternateName"] in RATINGS[status]
    assert ("ratingValue" in review["reviewRating"]) == (status is not RumourStatus.SATIRE)


def test_both_feeds_tell_the_same(hall: TownHall) -> None:
    answer = published(hall)
    hall.later(hours=1)
    corrected(hall, answer)
    atom = feedparser.parse(BytesIO(hall.dev.opens(FEED).data)).entries
    told = hall.dev.opens(f"{LIST}feed.json")
    assert told.content_type == "application/feed+json; charset=utf-8"
    feed = json.loads(told.text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"{HOME}{LIST}feed.json"
    (item,) = feed["items"]
    assert (item["id"], item["url"], item["title"]) == (atom[0].id, atom[0].link, atom[0].title)
    assert item["date_published"] == atom[0].published != item["date_modified"] == atom[0].updated
    assert "Das Wasser ist geprüft" in item["content_html"]
    assert "hubs" not in feed


def test_feeds_name_the_hub_of_the_settings(tmp_path: Path) -> None:
    town = TownHall(tmp_path, CRISIS_PUBLIC_WEBSUB_HUB="https://hub.example/")
    try:
        atom = feedparser.parse(BytesIO(town.dev.opens(FEED).data))
        assert {"rel": "hub", "href": "https://hub.example/"}.items() <= atom.feed.links[-1].items()
        feed = json.loads(town.dev.opens(f"{LIST}feed.json").text)
        assert feed["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    finally:
        town.close()


def test_the_map_of_the_site_names_what_is_public(hall: TownHall) -> None:
    answer, drill = published(hall), published(hall, drill=True)
    told = hall.dev.opens("/sitemap.xml")
    root = ET.fromstring(told.data)
    named = [node.text for node in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert f"{HOME}{page(answer)}" in named
    assert f"{HOME}{LIST}" in named
    assert f"{HOME}{page(drill)}" not in named
    robots = hall.dev.opens("/robots.txt").text
    assert f"Sitemap: {HOME}/sitemap.xml" in robots
    assert "Disallow: /\n" in robots
    assert "Allow: /klarstellungen/" in robots


# --- pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "size"), [("wide", (1200, 630)), ("square", (1080, 1080)), ("tall", (1080, 1920))]
)
def test_a_correction_has_a_picture_to_share(
    hall: TownHall, shape: str, size: tuple[int, int]
) -> None:
    answer = published(hall)
    drawn = hall.dev.opens(f"{page(answer)}/bild-{shape}.png")
    assert drawn.content_type == "image/png"
    assert Image.open(BytesIO(drawn.data)).size == size
    assert drawn.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_link_previews_find_the_picture_and_its_words(hall: TownHall) -> None:
    answer = published(hall)
    shown = hall.dev.opens(page(answer)).text
    assert f'property="og:image" content="{HOME}{page(answer)}/bild-wide.png"' in shown
    alt = re.search(r'og:image:alt" content="([^"]+)"', shown)
    assert alt is not None
    assert answer.title in alt[1]
    assert f"musterstadt.example{page(answer)}" in alt[1]


def test_a_picture_as_svg_may_do_nothing(hall: TownHall) -> None:
    drawn = hall.dev.opens(f"{page(published(hall))}/bild-wide.svg")
    assert drawn.content_type.startswith("image/svg+xml")
    ET.fromstring(drawn.data)
    assert b"<script" not in drawn.data
    assert "sandbox" in drawn.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["bild-round.png", "bild-wide.gif", "bild-.png"])
def test_other_pictures_are_not_there(hall: TownHall, name: str) -> None:
    assert hall.dev.opens(f"{page(published(hall))}/{name}").status_code == 404


def test_the_picture_of_an_exercise_is_for_staff_only(hall: TownHall) -> None:
    path = f"{page(published(hall, drill=True))}/bild-wide.png"
    assert hall.dev.opens(path).status_code == 404
    hall.ana.signs_in()
    assert hall.ana.opens(path).status_code == 200


def test_a_withdrawn_picture_changes_at_once(hall: TownHall) -> None:
    answer = published(hall)
    before = hall.dev.opens(f"{page(answer)}/bild-wide.png").data
    withdrawn(hall, answer)
    assert hall.dev.opens(f"{page(answer)}/bild-wide.png").data != before


def test_the_catalogue_is_not_asked_for_words(hall: TownHall) -> None:
    """Nothing of it is approved: a rumour renamed later changes no page."""
    answer = published(hall)
    before = hall.dev.opens(page(answer)).data
    rumour = hall.store.rumours.get("wasser")
    catalogue.retire(hall.store, rumour.id, hall.ana.person, hall.now)
    hall.later(minutes=2)
    assert hall.dev.opens(page(answer)).data == before
