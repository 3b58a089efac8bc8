"""The sources on the desk, against a real feed on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from builders import NOON, TICKED, source
from people import TownHall
from upstream import Jetstream

from crisis.desk.sources import health
from crisis.settings import tokens
from crisis.types import HubLease, Source, SourceKind

FEED = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Stadtblatt</title>
<language>de</language>
<item><guid>1</guid><title>Markt verlegt</title><description>Auf den Domplatz &lt;b&gt;am
Samstag&lt;/b&gt;.</description></item>
<item><guid>2</guid><title>Br\xc3\xbccke wieder offen</title></item>
</channel></rss>"""


TOOT = b"""[{"id": "7", "visibility": "public", "content": "<p>Br\\u00fccke <b>gesperrt</b></p>",
"created_at": "2026-03-02T10:00:00Z", "account": {"acct": "ana"}}]"""
PAGES = {
    "/feed": (FEED, "application/rss+xml"),
    "/api/v1/timelines/tag/Stadt?limit=40": (TOOT, "application/json"),
}


class Paper(BaseHTTPRequestHandler):
    """Serves one feed and one page that is none."""

    def do_GET(self) -> None:
        body, kind = PAGES.get(self.path, (b"<html><p>Kein Feed</p></html>", "text/html"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture
def paper() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Paper)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def desk(tmp_path: Path, paper: str) -> Iterator[TownHall]:
    made = TownHall(tmp_path, CRISIS_MONITOR_ALLOWED_HOSTS=paper.removeprefix("http://"))
    made.everybody_signs_in()
    yield made
    made.close()


def test_a_source_is_tried_before_it_is_kept(desk: TownHall, paper: str) -> None:
    page = desk.vera.presses("/quellen/neu", {"url": f"{paper}/feed"})
    assert page.status_code == 200
    assert "2 Beiträge gelesen" in page.text
    assert "Brücke wieder offen" in page.text
    assert 'value="Stadtblatt"' in page.text
    assert len(desk.store.sources.all()) == 1
    form = {"url": f"{paper}/feed", "name": " Stadt  blatt ", "lang": "de", "interval": "900"}
    assert desk.vera.presses("/quellen/", form | TICKED).status_code == 302
    kept = desk.store.sources.by_url(f"{paper}/feed")
    assert kept is not None
    assert (kept.name, kept.interval, kept.lang) == ("Stadt blatt", 900, "de")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Adresse eines Feeds"),
        ("ftp://x.example/feed", "Adresse eines Feeds"),
        ("http://feed.example/rss", "steht schon in der Liste"),
        ("{paper}/seite", "Feed"),
        ("http://127.0.0.1:1/feed", ""),
    ],
)
def test_what_does_not_work_is_said_at_the_field(
    desk: TownHall, paper: str, url: str, said: str
) -> None:
    page = desk.vera.presses("/quellen/neu", {"url": url.format(paper=paper)})
    assert page.status_code == 422
    assert 'id="url-problem"' in page.text
    assert said in page.text
    assert desk.vera.presses("/quellen/", {"url": url.format(paper=paper)}).status_code >= 400
    assert len(desk.store.sources.all()) == 1


def test_the_kinds_are_offered_in_plain_words(desk: TownHall) -> None:
    page = desk.vera.opens("/quellen/neu").text
    for words in ("Feed (RSS", "Mastodon und Fediverse", "Bluesky: ein Konto", "mit Ihren Wörtern"):
        assert words in page
    assert "mastodon.example/tags/" in desk.vera.opens("/quellen/neu?art=mastodon").text
    assert "Feed (RSS" in desk.vera.opens("/quellen/neu?art=unsinn").text


def test_a_hashtag_is_tried_and_kept(desk: TownHall, paper: str) -> None:
    form = {"art": "mastodon", "url": f"{paper}/tags/Stadt"}
    page = desk.vera.presses("/quellen/neu", form).text
    assert "Brücke gesperrt" in page
    assert "ein Beitrag gelesen" in page
    assert f"{paper}/tags/Stadt.rss" in page  # offered as well
    kept = form | {"name": "", "lang": "", "interval": "300"}
    assert desk.vera.presses("/quellen/", kept | TICKED).status_code == 302
    one = desk.store.sources.by_url(f"{paper}/tags/Stadt")
    assert one is not None
    assert (one.kind, one.name) == (SourceKind.MASTODON, f"#Stadt ({paper[7:]})")
    assert "(Mastodon)" in desk.vera.opens("/quellen/").text


def test_an_account_pasted_as_a_feed_is_recognised(desk: TownHall, paper: str) -> None:
    page = desk.vera.presses("/quellen/neu", {"art": "feed", "url": f"{paper}/@niemand"})
    assert page.status_code == 422
    assert "Das sieht nach Mastodon aus" in page.text
    assert f"{paper}/@niemand.rss" in page.text


def test_a_token_is_used_and_never_shown(desk: TownHall, paper: str) -> None:
    tokens.keep(desk.instance, paper.removeprefix("http://"), "streng-geheim-123")
    form = {"art": "mastodon", "url": f"{paper}/tags/Stadt"}
    page = desk.vera.presses("/quellen/neu", form).text
    assert "Zugangsschlüssel hinterlegt" in page
    assert "streng-geheim" not in page + desk.vera.opens("/quellen/").text


def test_words_on_bluesky_are_tried_before_they_are_kept(tmp_path: Path) -> None:
    upstream = Jetstream()
    at = int(time.time() * 1_000_000)
    for number in range(20):
        upstream.say(at - 1_000 + number, f"Wasser {number}")
    hall = TownHall(tmp_path, CRISIS_MONITOR_ALLOWED_HOSTS=upstream.place)
    try:
        hall.vera.signs_in()
        form = {"art": "jetstream", "url": f"{upstream.url}?words=wasser", "nur": "de"}
        page = hall.vera.presses("/quellen/neu", form).text
        assert "Wasser 19" in page
        kept = {"art": "jetstream", "url": f"{upstream.url}?lang=de&words=wasser"}
        assert hall.vera.presses("/quellen/", kept | TICKED).status_code == 302
        shown = hall.vera.opens("/quellen/").text
        assert "Wörter: wasser (de)" in shown
    finally:
        hall.close()
        upstream.close()


def test_a_source_rests_and_goes_on(desk: TownHall) -> None:
    number = desk.source.id
    desk.vera.presses(f"/quellen/{number}/anhalten")
    assert not desk.store.sources.get(number).active
    assert "angehalten" in desk.vera.opens("/quellen/").text
    desk.vera.presses(f"/quellen/{number}/fortsetzen")
    assert desk.store.sources.get(number).active


def test_removing_asks_first(desk: TownHall) -> None:
    path = f"/quellen/{desk.source.id}/entfernen"
    assert "entfernen?" in desk.vera.opens(path).text
    assert len(desk.store.sources.all()) == 1
    desk.vera.presses(path)
    assert desk.store.sources.all() == []
    assert "Noch keine Quelle" in desk.vera.opens("/quellen/").text


def test_colleagues_see_the_sources_and_change_nothing(desk: TownHall) -> None:
    page = desk.ana.opens("/quellen/").text
    assert "Stadtgespräch" in page
    assert "Entfernen" not in page
    assert desk.ana.presses(f"/quellen/{desk.source.id}/anhalten").status_code == 403
    assert desk.dev.opens("/quellen/").status_code == 302


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (source(active=False), "angehalten"),
        (source(), "neu"),
        (source(last_success=NOON), "in Ordnung"),
        (source(last_success=NOON, last_new_post=NOON - timedelta(days=9)), "still"),
        (source(last_success=NOON, failures=3, last_error="Weg."), "antwortet nicht"),
    ],
)
def test_health_is_said_in_plain_words(desk: TownHall, state: Source, word: str) -> None:
    with desk.app.test_request_context():
        found = health(state, NOON)
    assert found.word == word
    with desk.store.transaction():
        desk.store.sources.update(replace(state, id=desk.source.id))
    page = desk.vera.opens("/quellen/").text
    assert word in page


def test_an_administrator_says_where_a_source_is_about_and_takes_it_back(
    desk: TownHall,
) -> None:
    number = desk.source.id
    page = desk.vera.presses(
        f"/quellen/{number}/ort", {"region": "  Nord  stadt "}, follow_redirects=True
    ).text
    assert "gelten ab jetzt für Nord stadt, wenn sie keinen Ort nennen." in page
    assert desk.store.sources.get(number).region == "Nord stadt"
    assert "Ort der Quelle gesetzt." in desk.vera.opens("/protokoll/").text
    assert (
        "hat keinen eigenen Ort mehr"
        in desk.vera.presses(f"/quellen/{number}/ort", {}, follow_redirects=True).text
    )
    assert desk.store.sources.get(number).region == ""


def test_a_place_that_is_too_long_or_from_somebody_else_is_not_kept(desk: TownHall) -> None:
    path = f"/quellen/{desk.source.id}/ort"
    assert desk.vera.presses(path, {"region": "x" * 81}).status_code == 422
    assert desk.ana.presses(path, {"region": "Nordstadt"}).status_code == 403
    assert desk.store.sources.get(desk.source.id).region == ""


def test_a_new_source_may_have_its_place_from_the_beginning(desk: TownHall, paper: str) -> None:
    assert 'name="region"' in desk.vera.presses("/quellen/neu", {"url": f"{paper}/feed"}).text
    desk.vera.presses(
        "/quellen/",
        {"url": f"{paper}/feed", "name": "Stadtblatt", "region": "Südstadt"} | TICKED,
    )
    kept = desk.store.sources.by_url(f"{paper}/feed")
    assert kept is not None
    assert kept.region == "Südstadt"
    assert "Ort: Südstadt" in desk.ana.opens("/quellen/").text
    assert "Ort ändern" not in desk.ana.opens("/quellen/").text


# --- one source ------------------------------------------------------------------------------


def test_a_source_has_a_page_with_its_rhythm_and_its_posts_by_the_hour(desk: TownHall) -> None:
    desk.rumour_spreads(2)
    page = desk.ana.opens(f"/quellen/{desk.source.id}").text
    assert "alle 5 Minuten" in page
    assert "/zeitplan" not in page  # Ana may not change it
    assert "Merken" in desk.vera.opens(f"/quellen/{desk.source.id}").text


def test_an_administrator_sets_the_bounds_of_a_timetable(desk: TownHall) -> None:
    path = f"/quellen/{desk.source.id}/zeitplan"
    desk.vera.presses(path, {"interval": "60", "slowest": "600", "quiet_hours": "24"})
    kept = desk.store.sources.get(desk.source.id)
    assert (kept.interval, kept.slowest, kept.quiet_hours) == (60, 600, 24)
    assert desk.store.audit.of_object(f"source:{kept.id}")[-1].action == "source.timed"
    for wrong in ({"interval": "1"}, {"interval": "600", "slowest": "60"}, {"quiet_hours": "-1"}):
        form = {"interval": "60", "slowest": "0", "quiet_hours": "0"} | wrong
        assert desk.vera.presses(path, form).status_code == 422
    assert desk.ana.presses(path, {"interval": "60"}).status_code == 403


def test_a_source_that_moved_or_ended_says_so(desk: TownHall) -> None:
    gone = replace(
        desk.source, active=False, ended=NOON, last_error="Eingestellt (410).", failures=1
    )
    with desk.store.transaction():
        desk.store.sources.update(replace(gone, moved_from="http://frueher.example/"))
    page = desk.ana.opens(f"/quellen/{gone.id}").text
    assert "eingestellt" in page
    assert "http://frueher.example/" in page


def test_an_error_is_said_in_the_language_of_the_page(desk: TownHall) -> None:
    failing = replace(
        desk.source, failures=2, last_error="Nicht erreichbar.", last_error_en="Cannot be reached."
    )
    with desk.store.transaction():
        desk.store.sources.update(failing)
    page = f"/quellen/{failing.id}"
    assert "Nicht erreichbar." in desk.ana.opens(page).text
    english = desk.ana.opens(page + "?lang=en").text
    assert "Cannot be reached." in english
    assert "Nicht erreichbar." not in english


def test_a_hashtag_says_whether_its_stream_is_up(desk: TownHall) -> None:
    tag = source(
        url="https://m.example/tags/Stadt",
        kind=SourceKind.MASTODON,
        line_since=NOON,
        line_error="Abgebrochen.",
        line_error_en="Broken off.",
    )
    with desk.store.transaction():
        kept = desk.store.sources.add(tag)
    page = f"/quellen/{kept.id}"
    assert "Live-Verbindung" not in desk.ana.opens(page).text, "no token, no stream"
    tokens.keep(desk.instance, "m.example", "streng-geheim-123")
    for said in ("Live-Verbindung", "unterbrochen", "Abgebrochen.", "Solange wird gefragt."):
        assert said in desk.ana.opens(page).text
    with desk.store.transaction():
        desk.store.sources.update(replace(kept, line_error="", line_error_en=""))
    assert "verbunden" in desk.ana.opens(page).text


def test_a_feed_says_what_its_hub_does(desk: TownHall) -> None:
    page = f"/quellen/{desk.source.id}"
    assert "WebSub" not in desk.ana.opens(page).text
    with desk.store.transaction():
        lease = desk.store.hubs.add(
            HubLease(
                source_id=desk.source.id,
                hub="https://hub.example/",
                topic="https://t.example/",
                nonce="n",
                next_due=NOON,
            )
        )
    states = (
        ({}, "noch nicht bestätigt"),
        ({"last_error": "Will nicht.", "last_error_en": "Does not want to."}, "Will nicht."),
        ({"until": desk.now + timedelta(days=5)}, "erst, wenn er etwas schickt"),
        ({"until": desk.now + timedelta(days=5), "pushed": desk.now}, "schickt selbst, zuletzt"),
    )
    for state, said in states:
        with desk.store.transaction():
            desk.store.hubs.update(replace(lease, **state))  # type: ignore[arg-type]
        assert said in desk.ana.opens(page).text
