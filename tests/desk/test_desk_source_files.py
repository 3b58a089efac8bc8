"""Vera brings her list of feeds along, and takes one with her."""

from __future__ import annotations

from io import BytesIO

from builders import TICKED
from people import TownHall
from werkzeug.test import TestResponse

LIST = """<opml version="2.0"><body>
<outline text="Stadtblatt &lt;i&gt;" xmlUrl="https://stadtblatt.example/feed" language="de"/>
<outline text="Forum" xmlUrl="https://forum.example/rss"/></body></opml>"""


def shows(desk: TownHall, text: str) -> TestResponse:
    file = {"datei": (BytesIO(text.encode()), "feeds.opml")}
    return desk.vera.presses("/quellen/einlesen", file, content_type="multipart/form-data")


def test_vera_sees_what_the_file_holds_before_anything_is_kept(desk: TownHall) -> None:
    page = shows(desk, LIST).text
    assert "2 neue Feeds" in page
    assert "Stadtblatt &lt;i&gt;" in page
    assert len(desk.store.sources.all()) == 1


def test_vera_takes_what_she_ticked_and_it_is_not_asked_all_at_once(desk: TownHall) -> None:
    form = {
        "nimm": ["1", "2"],
        "url-1": "https://stadtblatt.example/feed",
        "name-1": "Stadtblatt",
        "lang-1": "de",
        "url-2": "https://forum.example/rss",
        "url-3": "https://nicht-angekreuzt.example",
        **TICKED,
    }
    desk.vera.presses("/quellen/einlesen/uebernehmen", form)
    new = {source.url: source for source in desk.store.sources.all()}
    assert set(new) > {form["url-1"], form["url-2"]}
    assert "https://nicht-angekreuzt.example" not in new
    assert new["https://stadtblatt.example/feed"].lang == "de"
    first, second = (new[str(form[f"url-{n}"])].next_due for n in (1, 2))
    assert first is not None
    assert second is not None
    assert (second - first).total_seconds() > 60
    assert "Schon dabei" not in shows(desk, LIST).text
    assert "werden schon beobachtet" in shows(desk, LIST).text


def test_one_address_that_is_none_keeps_all_out(desk: TownHall) -> None:
    form = {
        "nimm": ["1", "2"],
        "url-1": "https://gut.example/feed",
        "url-2": "javascript:alert(1)",
        **TICKED,
    }
    assert desk.vera.presses("/quellen/einlesen/uebernehmen", form).status_code == 422
    assert desk.store.sources.by_url("https://gut.example/feed") is None


def test_a_file_that_is_no_list_is_refused_with_what_to_do(desk: TownHall) -> None:
    answer = shows(desk, "<rss/>")
    assert answer.status_code == 422
    assert "Export" in answer.text
    assert desk.vera.presses("/quellen/einlesen").status_code == 422


def test_vera_takes_her_feeds_along(desk: TownHall) -> None:
    answer = desk.vera.opens("/quellen/quellen.opml")
    assert answer.headers["Content-Disposition"].endswith('.opml"')
    assert desk.source.url in answer.text


def test_a_stranger_and_ana_may_not(desk: TownHall) -> None:
    for path in ("/quellen/quellen.opml", "/quellen/einlesen"):
        assert desk.dev.opens(path).status_code == 302
        assert desk.ana.opens(path).status_code == 403
