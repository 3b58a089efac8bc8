"""WebSub from a feed that names its hub to posts in the spool, with a hub that behaves well and badly."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from builders import source
from fakes import HereReader
from people import TownHall

from crisis.errors import FetchError
from crisis.sources import hub
from crisis.types import FeedContent, Fetched, HubLease, Source
from crisis.workflows import hear_hub, subscribe, watch

TOPIC = "https://blatt.example/feed"
FEED = """<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Blatt</title>
<atom:link rel="hub" href="https://hub.example/"/><atom:link rel="self" href="{topic}"/>
{items}</channel></rss>"""


def feed(*texts: str, topic: str = TOPIC) -> bytes:
    items = "".join(f"<item><guid>{t}</guid><description>{t}</description></item>" for t in texts)
    return FEED.format(topic=topic, items=items).encode()


class Hub:
    """Remembers what it was asked; refuses where told so."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.error: FetchError | None = None

    def post(self, url: str, form: Mapping[str, str]) -> None:
        self.asked.append({"url": url, **form})
        if self.error is not None:
            raise self.error


class Town:
    """A town hall with a public address, one feed, and the feed's hub."""

    def __init__(self, folder: Path) -> None:
        self.hall = TownHall(folder, CRISIS_AUTHORITY_PUBLIC_URL="https://klar.stadt.example")
        self.hub = Hub()
        self.house = replace(self.hall.house, knock=self.hub, reader=HereReader())
        self.store = self.house.store
        self.web = self.hall.app.test_client()
        with self.store.transaction():
            self.source = self.store.sources.add(source(url=TOPIC))

    @property
    def now(self):  # type: ignore[no-untyped-def]
        return self.hall.now

    def is_asked(self, *texts: str, link: str = "") -> Source:
        """The monitor asked the feed and got this."""
        body = feed(*texts)
        fetched = Fetched(body=body, url=TOPIC, link=link)
        content = self.house.reader.read(fetched)
        outcome = watch.Outcome(self.source, fetched=fetched, content=content)
        watch.keep(self.store, outcome, self.now)
        return self.store.sources.get(self.source.id)

    def lease(self) -> HubLease:
        lease = self.store.hubs.of_source(self.source.id)
        assert lease is not None
        return lease

    def asks_hubs(self) -> None:
        """What the monitor does with hubs in a step."""
        for lease in self.store.hubs.due(self.now):
            hear_hub.begin(self.store, lease, self.now)
            hear_hub.asked(self.store, lease.id, hear_hub.ask(self.house, lease), self.now)

    def proves(self, form: Mapping[str, str], **changed: str):  # type: ignore[no-untyped-def]
        """The hub asks whether we meant it."""
        asked = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "abc123",
            "hub.lease_seconds": "864000",
        } | {f"hub.{name}": value for name, value in changed.items()}
        return self.web.get(urlsplit(form["hub.callback"]).path, query_string=asked)

    def pushes(self, form: Mapping[str, str], body: bytes, method: str = "sha256") -> int:
        """The hub pushes, signed as it should be; says how many posts were new."""
        mark = hmac.new(form["hub.secret"].encode(), body, method).hexdigest()
        lease = self.store.hubs.get(int(urlsplit(form["hub.callback"]).path.split("/")[2]))
        kind = "application/rss+xml"
        return hear_hub.take(self.house, lease, body, kind, f"{method}={mark}", self.now)

    def subscribed(self) -> dict[str, str]:
        """A subscription that holds."""
        self.is_asked("eins")
        self.asks_hubs()
        form = self.hub.asked[-1]
        assert self.proves(form).status_code == 200
        return form


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.hall.close()


def test_a_feed_that_names_its_hub_is_subscribed_and_pushes_arrive_at_once(town: Town) -> None:
    form = town.subscribed()
    assert form["url"] == "https://hub.example/"
    assert form["hub.callback"].startswith("https://klar.stadt.example/websub/")
    assert town.lease().until == town.now + timedelta(days=10)
    before = town.store.posts.waiting()
    body = feed("zwei", "eins")
    mark = hmac.new(form["hub.secret"].encode(), body, "sha256").hexdigest()
    path, headers = urlsplit(form["hub.callback"]).path, {"X-Hub-Signature": f"sha256={mark}"}
    for _ in range(2):  # once more: known
        answer = town.web.post(path, data=body, headers=headers, content_type="text/xml")
        assert answer.status_code == 202
        assert town.store.posts.waiting() == before + 1


def test_the_proof_is_the_challenge_as_text(town: Town) -> None:
    form = town.subscribed()
    answer = town.proves(form)
    assert (answer.text, answer.mimetype) == ("abc123", "text/plain")
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "changed",
    [
        {"topic": "https://anders.example/"},
        {"mode": "unsubscribe"},
        {"mode": "kaputt"},
        {"challenge": "x" * 501},
    ],
)
def test_what_we_did_not_ask_for_is_not_confirmed(town: Town, changed: dict[str, str]) -> None:
    form = town.subscribed()
    assert town.proves(form, **changed).status_code == 404


def test_a_wrong_address_is_gone(town: Town) -> None:
    form = town.subscribed()
    path = urlsplit(form["hub.callback"]).path
    assert town.web.post(path[:-1] + ("0" if path[-1] != "0" else "1")).status_code == 410
    assert town.web.get("/websub/999/abc").status_code == 410


@pytest.mark.parametrize(
    "signature", ["", "sha256=00", "md5=0cc175b9c0f1b6a831c399e269772661", "sha256", "kaputt=ü"]
)
def test_what_is_not_signed_is_dropped_without_a_word(town: Town, signature: str) -> None:
    form = town.subscribed()
    before = town.store.posts.waiting()
    path = urlsplit(form["hub.callback"]).path
    headers = {"X-Hub-Signature": signature.encode("latin-1").decode("latin-1")}
    assert town.web.post(path, data=feed("zwei"), headers=headers).status_code == 202
    assert town.store.posts.waiting() == before


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_signature_of_the_standard_is_understood(town: Town, method: str) -> None:
    form = town.subscribed()
    assert town.pushes(form, feed("zwei"), method) == 1


def test_a_thin_push_means_ask(town: Town) -> None:
    form = town.subscribed()
    for body in (b"", b"<html>kaputt"):
        town.store.sources.update(
            replace(town.store.sources.get(town.source.id), next_due=town.now + timedelta(hours=3))
        )
        assert town.pushes(form, body) == 0
        assert town.store.sources.get(town.source.id).next_due == town.now


def test_asking_goes_on_slowly_while_the_hub_can_be_relied_on(town: Town) -> None:
    form = town.subscribed()
    assert town.is_asked("eins").next_due < town.now + timedelta(minutes=59)  # type: ignore[operator]
    town.pushes(form, feed("zwei"))
    assert town.is_asked("zwei", "eins").next_due == town.now + timedelta(hours=1)
    after = town.is_asked("drei", "zwei")  # the hub did not bring this one
    assert after.next_due is not None
    assert after.next_due < town.now + timedelta(minutes=59)


def test_a_lease_is_renewed_before_it_ends(town: Town) -> None:
    town.subscribed()
    town.hall.later(days=8)
    town.asks_hubs()
    assert len(town.hub.asked) == 1
    town.hall.later(days=1, minutes=1)
    town.asks_hubs()
    assert len(town.hub.asked) == 2
    assert town.hub.asked[0]["hub.callback"] == town.hub.asked[1]["hub.callback"]
    town.proves(town.hub.asked[1])
    assert town.lease().until == town.now + timedelta(days=10)


def test_a_hub_that_does_not_answer_is_asked_ever_more_seldom(town: Town) -> None:
    town.is_asked("eins")
    town.hub.error = FetchError("hub.example antwortet nicht.", "hub.example does not answer.")
    for _ in range(24 * 4):
        town.asks_hubs()
        town.hall.later(hours=1)
    assert 5 <= len(town.hub.asked) <= 9
    assert town.lease().last_error == "hub.example antwortet nicht."
    town.hub.error = None
    town.hall.later(days=1)
    town.asks_hubs()
    assert town.proves(town.hub.asked[-1]).status_code == 200


def test_a_denied_subscription_waits_a_day(town: Town) -> None:
    form = town.subscribed()
    assert town.proves(form, mode="denied").status_code == 200
    assert town.lease().until is None
    assert town.lease().next_due == town.now + timedelta(days=1)


def test_a_removed_source_is_unsubscribed(town: Town) -> None:
    form = town.subscribed()
    subscribe.remove(town.store, town.source.id, None, town.now)
    assert town.pushes(form, feed("zwei")) == 0
    assert town.store.hubs.of_source(town.source.id) is None
    town.asks_hubs()
    goodbye = town.hub.asked[-1]
    assert goodbye["hub.mode"] == "unsubscribe"
    assert town.proves(goodbye, mode="subscribe").status_code == 404
    assert town.proves(goodbye).status_code == 200
    assert town.web.post(urlsplit(form["hub.callback"]).path).status_code == 410


def test_a_hub_that_does_not_let_go_is_let_go(town: Town) -> None:
    town.subscribed()
    subscribe.remove(town.store, town.source.id, None, town.now)
    for _ in range(10):
        town.asks_hubs()
        town.hall.later(days=1)
    assert town.store.hubs.due(town.now) == []


def test_a_feed_with_another_hub_is_left_and_subscribed_anew(town: Town) -> None:
    first = town.subscribed()
    town.is_asked("eins", link='<https://neu.example/hub>; rel="hub"')
    assert town.lease().hub == "https://neu.example/hub"
    town.asks_hubs()
    modes = {(form["url"], form["hub.mode"]) for form in town.hub.asked[1:]}
    assert modes == {
        ("https://hub.example/", "unsubscribe"),
        ("https://neu.example/hub", "subscribe"),
    }
    assert town.hub.asked[-1]["hub.secret"] != first["hub.secret"]


@pytest.mark.parametrize(
    ("link", "content", "found"),
    [
        ("", FeedContent(), ("", "")),
        ("", FeedContent(hub="https://h.example"), ("https://h.example", TOPIC)),
        ('<https://h.example>; rel="hub", <https://s.example>; rel=self', FeedContent(),
         ("https://h.example", "https://s.example")),
        ("</hub>; rel=hub", FeedContent(), ("https://blatt.example/hub", TOPIC)),
        ("<javascript:alert(1)>; rel=hub", FeedContent(), ("", "")),
        ("<" * 10_000, FeedContent(), ("", "")),
    ],
)  # fmt: skip
def test_a_hub_is_found_in_headers_and_feed(
    link: str, content: FeedContent, found: tuple[str, str]
) -> None:
    assert hub.discovered(Fetched(body=b"", url=TOPIC, link=link), content) == found


@pytest.mark.parametrize(
    ("said", "span"),
    [("86400", timedelta(days=1)), ("1", timedelta(minutes=10)), ("", timedelta(days=10)),
     ("9" * 30, timedelta(days=90)), ("-5", timedelta(days=10)), ("²", timedelta(days=10))],
)  # fmt: skip
def test_leases_are_taken_within_reason(said: str, span: timedelta) -> None:
    assert hub.lease_of(said) == span


def test_nothing_secret_lies_in_the_database(town: Town) -> None:
    form = town.subscribed()
    for path in town.hall.instance.glob("crisis.db*"):
        content = path.read_bytes()
        assert form["hub.secret"].encode() not in content
        assert urlsplit(form["hub.callback"]).path.rpartition("/")[2].encode() not in content
