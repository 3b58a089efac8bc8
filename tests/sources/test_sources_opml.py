"""Lists of feeds come from other feed readers and go back to them. Hostile ones are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import source
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.sources import opml
from crisis.types import SourceKind

LIST = """<?xml version="1.0" encoding="utf-8"?>
<opml version="1.0"><head><title>Meine Feeds</title></head><body>
<outline text="Zeitungen"><outline text="Stadtblatt" title="Das Stadtblatt" type="rss"
  xmlUrl="https://stadtblatt.example/feed" language="de-DE"/></outline>
<outline text="" xmlURL="https://ohne-namen.example/atom"/>
<outline text="Noch einmal" xmlUrl="https://stadtblatt.example/feed"/>
<outline text="Böse" xmlUrl="javascript:alert(1)"/><outline text="Datei" xmlUrl="file:///etc/passwd"/>
<outline text="Nur ein Ordner"/></body></opml>"""


def test_feeds_are_found_in_folders_each_once_and_only_those_of_the_web() -> None:
    assert opml.read(LIST.encode()) == [
        opml.Listed("https://stadtblatt.example/feed", "Das Stadtblatt", "de"),
        opml.Listed("https://ohne-namen.example/atom", "https://ohne-namen.example/atom"),
    ]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no OPML"),
        (b"<rss/>", "no OPML"),
        (b"<opml><body>", "no OPML"),
        (b"\x00\xff", "no OPML"),
        (b"<opml><body><outline text='a'/></body></opml>", "no feed"),
        (
            b'<!DOCTYPE o [<!ENTITY a SYSTEM "file:///x">]><opml><outline text="&a;" xmlUrl="https://x.de"/></opml>',
            "no OPML",
        ),
        (b" " * (opml.LARGEST + 1), "too large"),
        (
            b"<opml><body>"
            + b"".join(b'<outline xmlUrl="https://x.example/%d"/>' % n for n in range(1_001))
            + b"</body></opml>",
            "more than 1000",
        ),
    ],
    ids=["empty", "rss", "cut", "bytes", "no feed", "entity", "large", "many"],
)
def test_what_is_no_list_is_refused_with_a_reason(body: bytes, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        opml.read(body)


def test_only_feeds_go_out_and_no_exercise() -> None:
    feed = source(name="Markt & <Platz>", url="https://a.example/?x=1&y=2", lang="de")
    others = [
        replace(feed, kind=SourceKind.MASTODON, url="https://m.example/tags/x"),
        replace(feed, drill=True, url="https://uebung.example"),
    ]
    out = opml.write([feed, *others], "Musterstadt")
    assert opml.read(out) == [opml.Listed(feed.url, feed.name, "de")]


@given(st.text(min_size=1, max_size=60), st.text(alphabet="abc/?&=#ü%", max_size=40))
def test_what_goes_out_comes_back(name: str, path: str) -> None:
    feed = source(name=name, url=f"https://a.example/{path}")
    (back,) = opml.read(opml.write([feed], name))
    assert back.url == opml.web_address(opml.clean(feed.url))
    assert back.name == (" ".join(opml.clean(name).split()) or back.url)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        opml.read(b"<opml>" + body)
    except InvalidInputError:
        return
