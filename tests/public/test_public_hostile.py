"""Citizens' pages and what programs read of them stay ours, whatever stands in an answer.

The tricks are those of the playbooks' own test (``tests/data/playbooks/markup_tricks.txt``): here as the
headline, the text, a filled blank, the claim and the remark on a change of an answer that is public.
"""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import pytest
from people import TownHall
from test_public_pages import FEED, LIST, page, published

from crisis.types import RumourStatus

TABLE = Path(__file__).parents[1] / "data" / "playbooks" / "markup_tricks.txt"
HOME = "https://musterstadt.example"
# Their like stands on none of our pages, but for the two kinds of script looked at below.
FOREIGN = {
    "iframe", "object", "embed", "style", "base", "template", "math", "audio", "video", "source", "portal",
    "marquee", "noscript", "foreignobject", "animate", "textarea", "select", "dialog", "x", "xmp",
    "plaintext",
}  # fmt: skip
ADDRESSES = {"href", "src", "action", "formaction", "srcset", "data", "ping", "xlink:href"}
OURS = ("/", "#", "https://", "http://", "mailto:", "tel:")


class Page(HTMLParser):
    """What a browser would make of a page: what is wrong with it, and its programs' data."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.data: list[str] = []
        self._data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in FOREIGN or "style" in given:
            self.wrong.append(f"<{tag} {given}>")
        if tag == "script":
            self._data = given == {"type": "application/ld+json"}
            if not self._data and not str(given.get("src", "")).startswith("/"):
                self.wrong.append(f"<script {given}>")
        if tag == "meta" and "http-equiv" in given:
            self.wrong.append(f"<meta {given}>")
        for name, value in attrs:
            loads = tag in ("img", "link", "script", "form") and name in ("src", "action")
            if name.startswith("on") or (
                name in ADDRESSES and not str(value).strip().lower().startswith(OURS)
            ):
                self.wrong.append(f"<{tag} {name}={value}>")
            if loads and not str(value).startswith("/"):
                self.wrong.append(f"<{tag} {name}={value}> from elsewhere")

    def handle_data(self, data: str) -> None:
        if self._data:
            self.data.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._data = False


def wrong(html: str) -> list[str]:
    read = Page()
    read.feed(html)
    read.close()
    for data in read.data:
        json.loads(data)
    return read.wrong


def tricks() -> list[str]:
    lines = TABLE.read_text("utf-8").splitlines()
    remarks = ("# --", "# Ways", "# \\u")
    meant = [line for line in lines if line and not line.startswith(remarks)]
    return [line.encode("latin-1", "backslashreplace").decode("unicode_escape") for line in meant]


def parts(size: int) -> list[list[str]]:
    every = tricks()
    return [every[start : start + size] for start in range(0, len(every), size)]


@pytest.mark.parametrize(
    "given",
    ["<script>1</script>", '<p onclick="1">', '<a href="javascript:1">', "<iframe>", '<meta http-equiv="a">'],
)  # fmt: skip
def test_this_test_would_see_what_it_looks_for(given: str) -> None:
    assert wrong(given)


@pytest.mark.parametrize("some", parts(16), ids=lambda some: some[0][:30].encode().hex())
def test_no_answer_brings_foreign_markup_to_citizens(hall: TownHall, some: list[str]) -> None:
    answer = published(hall)
    for place, trick in enumerate(some):
        line = " ".join(trick.split())
        hall.now = hall.now.replace(microsecond=place + 1)
        with hall.store.transaction():
            hall.store.responses.update(
                replace(
                    hall.store.responses.get(answer.id),
                    title=f"Nummer {place} {line}",
                    claim=trick,
                    finding=RumourStatus.FALSE,
                    change_note=line,
                    values={"ort": line, "x": line, "naechste_info": line},
                    texts={
                        **answer.texts,
                        "website": f"{trick}\n\nIn {{{{ ort }}}}:\n\n- {trick}\n",
                        "plain": trick,
                        "easy": trick,
                    },
                    released_at=hall.now,
                )
            )
        shown = hall.dev.opens(page(answer)).text
        assert f"Nummer {place} " in shown, (trick, shown[shown.find("<main") :][:900])
        assert wrong(shown) == []
        assert wrong(hall.dev.opens(LIST).text) == []
        for way in ("einfach", "leicht"):
            assert wrong(hall.dev.opens(f"{page(answer)}/{way}").text) == []
        feeds(hall, place)


def feeds(hall: TownHall, place: int) -> None:
    """Both feeds can be read, hold the newest text, and their HTML is ours."""
    (entry,) = feedparser.parse(
        hall.dev.opens(FEED).data, sanitize_html=False, resolve_relative_uris=False
    ).entries
    (item,) = json.loads(hall.dev.opens(LIST + "feed.json").text)["items"]
    assert entry.title.startswith(f"Nummer {place} ")
    assert wrong(entry.content[0].value) == []
    assert wrong(item["content_html"]) == []
