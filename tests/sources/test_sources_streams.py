"""Streams against servers that speak the real protocols: what is heard, and what servers can do to us."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any

import pytest
from builders import source
from upstream import Jetstream, said
from webserver import Asked, Server
from websockets.sync.server import ServerConnection

from crisis.errors import FetchError, ForbiddenAddressError, InboxError, RefusedInboxError
from crisis.sources import read
from crisis.sources.basket import Basket
from crisis.sources.follow import Streams
from crisis.sources.ticker import LONGEST, Ticker
from crisis.sources.websocket import WebSocket
from crisis.types import (
    FeedContent,
    FeedPost,
    Fetched,
    Heard,
    InboxMail,
    InboxMark,
    Mailbag,
    Source,
    SourceKind,
)

QUICK = (0.01, 0.02)  # pauses


@pytest.fixture
def upstream() -> Iterator[Jetstream]:
    server = Jetstream()
    yield server
    server.close()


@pytest.fixture
def streams(upstream: Jetstream, server: Server) -> Iterator[Streams]:
    made = Streams(
        here,
        allowed_hosts=(upstream.place, server.place),
        token={server.place: "geheim"}.get,  # type: ignore[arg-type]
        timeout=5,
        silence=5,
        pauses=QUICK,
    )
    yield made
    made.close()


def here(fetched: Fetched, kind: SourceKind) -> FeedContent:
    return read(kind, fetched.body, url=fetched.url)


def jet(upstream: Jetstream, asked: str = "", **changed: Any) -> Source:
    url = upstream.url + (f"?{asked}" if asked else "")
    return source(id=1, url=url, kind=SourceKind.JETSTREAM, **changed)


def until(streams: Streams, enough: Callable[[Heard], bool]) -> Heard:
    """Everything that was heard, as one, once it is enough."""
    posts: tuple[FeedPost, ...] = ()
    gone: tuple[str, ...] = ()
    cursor, gap, error = "", False, None
    for _ in range(500):
        for heard in streams.heard():
            posts, gone = posts + heard.posts, gone + heard.gone
            cursor, gap = heard.cursor or cursor, gap or heard.gap
            error = heard.error or error
        everything = Heard(source_id=1, posts=posts, gone=gone, cursor=cursor, gap=gap, error=error)
        if enough(everything):
            return everything
        time.sleep(0.01)
    raise AssertionError(f"not enough was heard: {everything}")


def test_what_is_said_on_bluesky_is_heard_and_sieved(upstream: Jetstream, streams: Streams) -> None:
    streams.follow([jet(upstream, "lang=de&words=wasser")])
    upstream.say(1_000, "Das Wasser ist verkeimt")
    upstream.say(1_001, "Guten Morgen")
    upstream.say(1_002, "Water", lang="en")
    upstream.say(1_003, rkey="r1000", operation="delete")
    upstream.say(1_004, "Wasser wieder klar")  # deletions go down with the next post
    heard = until(streams, lambda said: len(said.posts) == 2)
    assert [post.text for post in heard.posts] == ["Das Wasser ist verkeimt", "Wasser wieder klar"]
    assert heard.gone == ("did:plc:ana/r1000",)
    assert heard.cursor == "1004"


def test_a_broken_line_is_taken_up_again_a_little_earlier(
    upstream: Jetstream, streams: Streams
) -> None:
    at = 1_700_000_000_000_000

    def breaks(line: ServerConnection, cursor: int) -> None:
        if cursor < 0:
            line.send(said(at, "eins"))
            line.socket.close()  # half-way, without a word
            return
        line.send(said(at, "eins"))  # what is known comes again
        line.send(said(at + 1, "zwei"))
        line.recv()

    upstream.manner = breaks
    streams.follow([jet(upstream)])
    heard = until(streams, lambda said: len({post.key for post in said.posts}) == 2)
    assert heard.error is not None
    assert upstream.cursors[:2] == [-1, at - 5_000_000]


def test_the_cursor_of_an_earlier_life_is_asked_for(upstream: Jetstream, streams: Streams) -> None:
    streams.follow([jet(upstream, cursor="1700000000000000")])
    upstream.say(1_700_000_000_000_001, "weiter")
    until(streams, lambda said: bool(said.posts))
    assert upstream.cursors == [1_699_999_995_000_000]


def test_a_server_that_lies_about_the_time_does_not_move_us_into_the_future(
    upstream: Jetstream, streams: Streams
) -> None:
    streams.follow([jet(upstream)])
    upstream.say(9_999_999_999_999_999, "aus der Zukunft")
    upstream.say(1_700_000_000_000_000, "von jetzt")
    heard = until(streams, lambda said: len(said.posts) == 2)
    assert heard.cursor == "1700000000000000"


@pytest.mark.parametrize(
    "mischief",
    [
        lambda line: line.send("x" * 1_100_000),  # larger than any event
        lambda line: line.socket.sendall(b"\xff\xff\xff\xff\xff"),  # no frame
        lambda line: line.close(1011, "kaputt"),
        lambda line: line.socket.sendall(b"\x81\x7e\xff\xff" + b"[" * 10),  # begins and never ends
    ],
)
def test_servers_that_speak_nonsense_are_left_and_tried_again(
    upstream: Jetstream, streams: Streams, mischief: Callable[[ServerConnection], None]
) -> None:
    def first_bad(line: ServerConnection, _cursor: int) -> None:
        if len(upstream.cursors) < 3:
            mischief(line)
            line.socket.close()
            return
        line.send(said(1_000, "doch noch"))
        line.recv()

    upstream.manner = first_bad
    streams.follow([jet(upstream)])
    heard = until(streams, lambda said: bool(said.posts))
    assert heard.error is not None
    assert len(upstream.cursors) >= 3


def test_nonsense_in_good_frames_is_passed_over(upstream: Jetstream, streams: Streams) -> None:
    def babbles(line: ServerConnection, _cursor: int) -> None:
        for word in ("{", "[]", b"\xff\xfe", '{"time_us": null}', said(5, "gut")):
            line.send(word)
        line.recv()

    upstream.manner = babbles
    streams.follow([jet(upstream)])
    heard = until(streams, lambda said: bool(said.posts))
    assert (heard.posts[0].text, heard.error) == ("gut", None)


def test_a_silent_line_counts_as_dead(upstream: Jetstream) -> None:
    quick = Streams(here, allowed_hosts=(upstream.place,), timeout=2, silence=0.05, pauses=(0.01,))
    try:
        quick.follow([jet(upstream)])
        heard = until(quick, lambda said: said.error is not None)
        assert heard.error is not None
        assert "langsam" in heard.error.de
        until(quick, lambda _said: len(upstream.cursors) >= 2)
    finally:
        quick.close()


def test_a_storm_of_refusals_is_sat_out(server: Server) -> None:
    asked: list[float] = []

    def storms(asking: Asked) -> None:
        asked.append(time.monotonic())
        asking.say("503 Service Unavailable" if len(asked) % 2 else "429 Too Many Requests")

    server.pages["/subscribe"] = storms
    calm = Streams(here, allowed_hosts=(server.place,), timeout=2, pauses=(0.01, 0.1))
    one = source(id=1, url=f"ws://{server.place}/subscribe", kind=SourceKind.JETSTREAM)
    try:
        calm.follow([one])
        heard = until(calm, lambda _said: len(asked) >= 4)
        assert isinstance(heard.error, FetchError)
        assert heard.error.status in (429, 503)
        assert asked[3] - asked[1] > 0.1  # it does not hammer
    finally:
        calm.close()


def test_a_server_that_asks_for_patience_gets_it(server: Server) -> None:
    server.pages["/subscribe"] = lambda asked: asked.say("429 Too Many", Retry_After="30")
    patient = Streams(here, allowed_hosts=(server.place,), timeout=2, pauses=(0.001,))
    one = source(id=1, url=f"ws://{server.place}/subscribe", kind=SourceKind.JETSTREAM)
    try:
        patient.follow([one])
        until(patient, lambda said: said.error is not None)
        time.sleep(0.05)
        assert len(server.asked) == 1
    finally:
        patient.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "169.254.169.254", "10.0.0.1"])
def test_no_stream_leads_into_the_house(host: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        WebSocket(f"wss://{host}:9/subscribe", agent="x", timeout=1)


def test_a_name_that_leads_into_the_house_is_no_better() -> None:
    with pytest.raises(ForbiddenAddressError):
        WebSocket("wss://j.example/subscribe", agent="x", resolver=lambda *_: ["127.0.0.1"])
    with pytest.raises(FetchError, match="encryption"):
        WebSocket("ws://j.example/subscribe", agent="x", resolver=lambda *_: ["1.1.1.1"])


def test_a_paused_source_is_heard_no_more(upstream: Jetstream, streams: Streams) -> None:
    streams.follow([jet(upstream)])
    upstream.say(1, "eins")
    until(streams, lambda said: bool(said.posts))
    streams.follow([jet(upstream, active=False)])
    assert not [t for t in threading.enumerate() if t.name == "stream 1" and not _ends(t)]
    upstream.say(2, "zwei")
    assert streams.heard() == []


def _ends(thread: threading.Thread) -> bool:
    thread.join(2)
    return not thread.is_alive()


# --- Mastodon --------------------------------------------------------------------------------


def status(number: int, text: str) -> str:
    return json.dumps(
        {
            "id": str(number),
            "visibility": "public",
            "content": f"<p>{text}</p>",
            "url": f"https://m.example/@a/{number}",
            "account": {"acct": "a"},
            "created_at": "2026-03-02T10:00:00Z",
        }
    )


def hashtag(server: Server) -> Source:
    return source(id=1, url=f"http://{server.place}/tags/wasser", kind=SourceKind.MASTODON)


def test_a_hashtag_is_heard_live_with_edits_and_deletions(server: Server, streams: Streams) -> None:
    def live(asked: Asked) -> None:
        asked.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n:)\n\n")
        asked.raw(f"event: update\ndata: {status(1, 'alt')}\n\n".encode())
        asked.raw(f"event: status.update\r\ndata: {status(1, 'neu')}\r\n\r\n:thump\n".encode())
        asked.raw(b"event: update\ndata: {kaputt\n\nevent: notification\ndata: {}\n\n")
        asked.raw(b"event: delete\ndata: 7\n\n")
        asked.server.over.wait(5)

    server.pages["/api/v1/streaming/hashtag"] = live
    streams.follow([hashtag(server)])
    heard = until(streams, lambda said: bool(said.gone))
    assert [post.text for post in heard.posts] == ["alt", "neu"]
    assert heard.gone == ("7",)
    assert heard.gap  # what was said before must be asked for
    assert heard.cursor == ""  # that is the polling's
    assert server.asked[0].headers["authorization"] == "Bearer geheim"
    server.over.set()


def test_a_server_that_streams_to_nobody_is_not_pestered(server: Server, streams: Streams) -> None:
    server.pages["/api/v1/streaming/hashtag"] = lambda asked: asked.say("401 Unauthorized")
    streams.follow([hashtag(server)])
    until(streams, lambda said: said.error is not None)
    time.sleep(0.05)
    assert len(server.asked) == 1


def test_without_a_token_nothing_is_streamed(server: Server) -> None:
    quiet = Streams(here, allowed_hosts=(server.place,))
    quiet.follow([hashtag(server)])
    assert not [t for t in threading.enumerate() if t.name == "stream 1"]
    quiet.close()


def test_events_are_put_together_however_they_are_cut() -> None:
    whole = b": thump\r\n\r\nevent: update\r\ndata: eins\r\ndata: zwei\r\n\r\ndata:drei\n\n"
    for size in (1, 2, 7, 100):
        ticker = Ticker()
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        found = [event for piece in pieces for event in ticker.events(piece)]
        assert found == [("update", "eins\nzwei"), ("message", "drei")]


def test_an_endless_event_is_passed_over() -> None:
    ticker = Ticker()
    assert list(ticker.events(b"data: " + b"x" * (LONGEST + 10))) == []
    assert list(ticker.events(b"x" * LONGEST)) == []
    assert list(ticker.events(b"\n\ndata: gut\n\n")) == [("message", "gut")]


# --- the basket ------------------------------------------------------------------------------


def heard(number: int, source_id: int = 1, **changed: Any) -> Heard:
    return Heard(
        source_id=source_id,
        posts=(FeedPost(key=str(number), text="x"),),
        cursor=str(number),
        **changed,
    )


def test_who_brings_too_much_must_wait() -> None:
    basket = Basket(room=2)
    for number in range(2):
        assert basket.put(heard(number))
    late = threading.Thread(target=basket.put, args=(heard(2),))
    late.start()
    late.join(0.02)
    assert late.is_alive()
    (taken,) = basket.take(10)
    late.join(2)
    assert [post.key for post in taken.posts] == ["0", "1"]
    assert taken.cursor == "1"
    basket.close()
    assert not basket.put(heard(3))


def test_sources_are_told_apart_and_the_last_word_counts() -> None:
    basket = Basket()
    for one in (heard(1), heard(2, 9), Heard(source_id=1, error=FetchError("x", "x")), heard(3)):
        basket.put(one)
    first, second = basket.take(10)
    assert ([post.key for post in first.posts], first.error) == (["1", "3"], None)
    assert second.source_id == 9
    assert not basket.waiting()


def test_no_more_is_taken_than_asked_for() -> None:
    basket = Basket()
    for number in range(10):
        basket.put(heard(number))
    assert [len(one.posts) for one in basket.take(4)] == [4]
    assert basket.waiting()
    basket.forget([1])
    assert basket.take(4) == []


# --- a mailbox -------------------------------------------------------------------------------


class Folder:
    """A folder of a mailbox, as ``interfaces.Inbox``: numbered mails, a wait that ends when told."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.marks: list[InboxMark | None] = []
        self.error: InboxError | None = None
        self.news = threading.Event()

    def fetch(
        self, after: InboxMark | None, *, limit: int = 50, since: date | None = None
    ) -> Mailbag:
        self.marks.append(after)
        if self.error is not None:
            raise self.error
        first = after.uid if after else 0
        found = self.mails[first : first + limit]
        mails = tuple(
            InboxMail(uid=first + n, content=mail, size=len(mail))
            for n, mail in enumerate(found, 1)
        )
        mark = InboxMark(numbering=7, uid=first + len(mails))
        return Mailbag(mails=mails, mark=mark, more=first + limit < len(self.mails))

    def wait(self, seconds: float) -> bool:
        found = self.news.wait(min(seconds, 5))
        self.news.clear()
        return found

    def close(self) -> None:
        self.news.set()

    def seen(self, uids: Iterable[int]) -> None:
        raise AssertionError("nothing in somebody's folder is changed")

    def move(self, uids: Iterable[int], folder: str) -> None:
        raise AssertionError("nothing in somebody's folder is changed")

    def gets(self, text: str) -> None:
        number = len(self.mails) + 1
        self.mails.append(f"Subject: Hinweis\nMessage-ID: <{number}@x>\n\n{text}".encode())
        self.news.set()


@pytest.fixture
def mailbox() -> Iterator[tuple[Folder, Streams, list[str]]]:
    folder, opened = Folder(), list[str]()

    def opens(name: str) -> Folder:
        opened.append(name)
        return folder

    made = Streams(here, inbox=opens, pauses=QUICK)
    yield folder, made, opened
    made.close()


def letters(**changed: Any) -> Source:
    return source(id=1, url="mailbox:Meldungen", kind=SourceKind.MAILBOX, **changed)


def test_mails_are_heard_as_they_come(mailbox: tuple[Folder, Streams, list[str]]) -> None:
    folder, streams, opened = mailbox
    folder.gets("Das Wasser ist gelb")
    streams.follow([letters()])
    heard = until(streams, lambda said: len(said.posts) == 1)
    assert heard.cursor == "7:1"
    folder.gets("\x00")  # odd, and no reason to stop
    folder.gets("Der Strom ist weg")
    heard = until(streams, lambda said: "Strom" in "".join(post.text for post in said.posts))
    assert heard.cursor == "7:3"
    assert opened == ["Meldungen"]


def test_a_mailbox_goes_on_where_it_was(mailbox: tuple[Folder, Streams, list[str]]) -> None:
    folder, streams, _ = mailbox
    for text in ("eins", "zwei", "drei"):
        folder.gets(text)
    streams.follow([letters(cursor="7:2")])
    heard = until(streams, lambda said: bool(said.posts))
    assert [post.text for post in heard.posts] == ["Hinweis\ndrei"]


def test_a_mailbox_that_refuses_us_is_not_pestered(
    mailbox: tuple[Folder, Streams, list[str]],
) -> None:
    folder, streams, _ = mailbox
    folder.error = RefusedInboxError("Kennwort falsch.", "Wrong password.")
    streams.follow([letters()])
    heard = until(streams, lambda said: said.error is not None)
    assert heard.error is not None
    assert heard.error.de == "Kennwort falsch."
    time.sleep(0.1)
    assert len(folder.marks) == 1


def test_a_folder_is_tried_before_it_is_kept(mailbox: tuple[Folder, Streams, list[str]]) -> None:
    folder, streams, _ = mailbox
    folder.gets("Das Wasser ist gelb")
    assert [post.text for post in streams.sample(letters()).posts] == [
        "Hinweis\nDas Wasser ist gelb"
    ]
    nowhere = Streams(here)
    nowhere.follow([letters()])
    with pytest.raises(FetchError, match=r"\[inbox\]"):
        nowhere.sample(letters())
