"""A database that is held, a disk that is full, a clock that jumps: for every kind of source.

Asked are feeds, Mastodon and Bluesky (and fact checks, which are feeds: ``test_cli_watch_faults``); heard are
streams and mailboxes; pushed are posts of programs and of hubs. Whatever was acknowledged upstream is there
afterwards, once.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import FEED_IN_SCOPE, source
from fakes import HereReader, feed

from crisis import wiring
from crisis.cli.watch import Monitor
from crisis.errors import StoreError
from crisis.sources import bluesky, hub
from crisis.store import Store
from crisis.types import (
    FeedPost,
    Fetched,
    Heard,
    HubLease,
    Person,
    Role,
    Scope,
    Source,
    SourceKind,
)
from crisis.workflows import hear_hub, push

FEED = "https://blatt.example/feed"
TAG = "https://mastodon.example/tags/wasser"
ACCOUNT = "https://bsky.app/profile/werk.example"
CALLBACKS = hub.Callbacks(b"k" * 32, "https://klar.example")
LONG = "x" * 15_000  # nine of them do not fit into what is left of a full disk


def said(kind: str) -> list[str]:
    """Nine posts."""
    return [f"{kind} {number} {LONG}" for number in range(9)]


class Fetch:
    """Serves one answer for every address."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        return Fetched(body=self.body, url=url)

    def status(self, url: str) -> int:
        return 200


class Streams:
    """Brings what there is once, and goes on, as streams do."""

    def __init__(self, source_id: int, texts: Sequence[str]) -> None:
        posts = tuple(FeedPost(key=text[:20], text=text) for text in texts)
        self._heard = [Heard(source_id=source_id, posts=posts, cursor="9")]
        self.meanwhile: Callable[[], object] = lambda: None

    def follow(self, sources: object) -> None: ...

    def heard(self, most: int = 500) -> list[Heard]:
        brought, self._heard = self._heard, []
        if brought:
            self.meanwhile()
        return brought

    def waiting(self) -> bool:
        return bool(self._heard)

    def close(self) -> None: ...


def _mastodon(texts: Sequence[str]) -> bytes:
    return json.dumps(
        [
            {
                "id": str(number),
                "content": text,
                "visibility": "public",
                "account": {"acct": "a"},
                "url": f"https://mastodon.example/@a/{number}",
            }
            for number, text in enumerate(texts)
        ]
    ).encode()


def _bluesky(texts: Sequence[str]) -> bytes:
    posts = [
        {
            "uri": f"at://did:plc:a/{bluesky.POST}/{number}",
            "record": {"text": text, "createdAt": "2026-03-02T12:00:00Z"},
            "author": {"handle": "werk.example"},
        }
        for number, text in enumerate(texts)
    ]
    return json.dumps({"feed": [{"post": post} for post in posts]}).encode()


ASKED = {
    SourceKind.FEED: (FEED, lambda texts: feed(*texts)),
    SourceKind.MASTODON: (TAG, _mastodon),
    SourceKind.BLUESKY: (ACCOUNT, _bluesky),
}
HEARD = {
    SourceKind.JETSTREAM: "wss://j.example/subscribe?words=x",
    SourceKind.MAILBOX: "mailbox:Alarme",
}


class Place:
    """An installation with one source of a kind; whoever brings tries until it is acknowledged."""

    def __init__(self, instance: Path, kind: str) -> None:
        (instance / "settings.toml").write_text('[matching]\nencoder = "none"\n')
        self.kind, self.house = kind, wiring.house(instance, {})
        self.store = self.house.store
        self.texts = said(kind)
        self._made: Any = None
        if kind in ASKED:
            url, made = ASKED[SourceKind(kind)]
            self.source = self._add(url, SourceKind(kind))
            self.house = replace(self.house, fetch=Fetch(made(self.texts)), reader=HereReader())
        elif kind in HEARD:
            self.source = self._add(HEARD[SourceKind(kind)], SourceKind(kind))
            heard = Streams(self.source.id, self.texts)
            self.house = replace(self.house, streams=heard)  # type: ignore[arg-type]
        elif kind == "api":
            chief = Person(id=1, name="Iris", email="i@x.example", roles=frozenset({Role.ADMIN}))
            with self.store.transaction():
                chief = self.store.people.add(chief, self.house.now())
            token, _ = push.make(
                self.store,
                "L",
                Scope.POSTS,
                365,
                chief,
                self.house.now(),
                confirmed=FEED_IN_SCOPE,
            )
            self.source = self.store.sources.get(token.source_id or 0)
        else:
            self.source = self._add(FEED, SourceKind.FEED)
            self.house = replace(self.house, callbacks=CALLBACKS, reader=HereReader())
            with self.store.transaction():
                self.store.hubs.add(
                    HubLease(
                        source_id=self.source.id,
                        hub="https://hub.example",
                        topic=FEED,
                        nonce="n",
                        next_due=self.house.now() + timedelta(days=5),
                    )
                )
        self.monitor = Monitor(self.house)

    def _add(self, url: str, kind: SourceKind) -> Source:
        with self.store.transaction():
            return self.store.sources.add(source(url=url, kind=kind))

    def brings(self) -> None:
        """One try: the monitor's step, or a push. Raises StoreError where it is not acknowledged."""
        if self.kind == "api":
            body = "\n".join(json.dumps({"id": text[:20], "text": text}) for text in self.texts)
            known = self.store.tokens.get(1)
            answer = push.take(
                self.store, known, body.encode(), "", self.house.now(), key="k", per_minute=99
            )
            assert answer.status == 202
        elif self.kind == "hub":
            lease, body = self.store.hubs.get(1), feed(*self.texts)
            mark = hmac.new(CALLBACKS.secret(lease).encode(), body, "sha256").hexdigest()
            now = self.house.now()
            hear_hub.take(self.house, lease, body, "text/xml", f"sha256={mark}", now)
        else:
            self.monitor.step(wait=True)

    @property
    def taken(self) -> int:
        """Posts that were ever taken, each counted once."""
        hours = self.store.sources.per_hour(self.source.id, self.house.now().replace(year=2010))
        return sum(hours.values())

    def close(self) -> None:
        self.monitor.close()
        self.store.close()


KINDS = [*ASKED, *HEARD, "api", "hub"]


@pytest.fixture(params=KINDS)
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    with closing(Place(tmp_path, request.param)) as made:
        yield made


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Another process writes for longer than we wait."""
    store._db.execute("pragma busy_timeout=20").fetchall()
    with Store(store.path) as other, other.transaction():
        yield


def test_a_database_that_is_held_for_long_costs_no_post(place: Place) -> None:
    with held(place.store):
        for _ in range(2):
            with pytest.raises(StoreError):
                place.brings()
    place.brings()
    assert place.taken == len(place.texts)
    place.brings()
    assert place.taken == len(place.texts)
    assert place.store.sources.get(place.source.id).failures == 0


@pytest.mark.parametrize("kind", list(HEARD))
def test_a_stream_has_gone_on_when_the_database_is_held(tmp_path: Path, kind: str) -> None:
    """It would not say again what it said before: what was heard is held until it is written down."""
    with closing(Place(tmp_path, kind)) as place, ExitStack() as holding:
        assert isinstance(place.house.streams, Streams)
        place.house.streams.meanwhile = lambda: holding.enter_context(held(place.store))
        with pytest.raises(StoreError):
            place.brings()
        holding.close()
        assert place.taken == 0
        place.brings()
        assert place.taken == len(place.texts)
        assert place.store.sources.get(place.source.id).cursor == "9"


def test_a_full_disk_costs_no_post_and_takes_none_by_half(place: Place) -> None:
    db = place.store._db
    pages = db.execute("pragma page_count").fetchone()[0]
    free = db.execute("pragma freelist_count").fetchone()[0]
    db.execute(f"pragma max_page_count={pages - free + 4}").fetchall()
    if place.kind not in HEARD:  # of what carries nothing no text is written down
        with pytest.raises(StoreError):
            place.brings()
        assert place.taken == 0
    db.execute("pragma max_page_count=1000000").fetchall()
    place.brings()
    assert place.taken == len(place.texts)


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)], ids=["on", "back"])
def test_a_clock_that_jumps_and_comes_back_costs_no_post(
    place: Place, jump: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = place.house.now() + jump
    with monkeypatch.context() as world:
        world.setattr(wiring.House, "now", lambda _house: wrong)
        place.brings()
    assert place.taken == len(place.texts)
    place.brings()
    assert place.taken == len(place.texts)
    due = [one.id for one in place.store.sources.due(place.house.now() + timedelta(days=2))]
    assert place.source.id in due or not place.source.kind.asked


def test_a_lease_from_the_far_future_is_renewed(tmp_path: Path) -> None:
    with closing(Place(tmp_path, "hub")) as place:
        now = place.house.now()
        with place.store.transaction():
            lease = place.store.hubs.get(1)
            place.store.hubs.update(replace(lease, next_due=now + timedelta(days=400)))
        assert [one.id for one in place.store.hubs.due(now)] == [1]
