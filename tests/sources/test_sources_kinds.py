"""Which kind an address is, what is asked next, and what answers of each kind hold. No network."""

from __future__ import annotations

import json
from typing import Any

import pytest
from builders import source

from crisis.errors import FeedError, FetchError, InvalidInputError
from crisis.sources import bluesky, jetstream, kinds, mastodon, statuses
from crisis.types import FeedContent, SourceKind

FEED, MASTODON, BLUESKY, JETSTREAM = (
    SourceKind.FEED,
    SourceKind.MASTODON,
    SourceKind.BLUESKY,
    SourceKind.JETSTREAM,
)


@pytest.mark.parametrize(
    ("typed", "said", "kind", "url"),
    [
        ("zeitung.example/feed", None, FEED, "https://zeitung.example/feed"),
        ("https://m.example/tags/Hochwasser", None, MASTODON, "https://m.example/tags/Hochwasser"),
        ("m.example/tags/Münster", None, MASTODON, "https://m.example/tags/M%C3%BCnster"),
        ("https://m.example/tags/Hochwasser.rss", None, FEED, None),
        ("https://m.example/tags/Hochwasser.rss", MASTODON, MASTODON, "https://m.example/tags/Hochwasser"),
        ("https://m.example/@stadt", None, MASTODON, "https://m.example/@stadt"),
        ("https://m.example/@stadt@b.example", None, MASTODON, "https://m.example/@stadt@b.example"),
        ("https://m.example/@stadt/109", None, FEED, "https://m.example/@stadt/109"),
        ("https://m.example/search?q=Trink%20wasser", None, MASTODON, "https://m.example/search?q=Trink+wasser"),
        ("https://m.example/@stadt", FEED, FEED, "https://m.example/@stadt"),
        ("@Stadt.Example", BLUESKY, BLUESKY, "https://bsky.app/profile/stadt.example"),
        ("https://bsky.app/profile/did:plc:abc", None, BLUESKY, None),
        ("https://bsky.app/profile/stadt.example/rss", None, BLUESKY, "https://bsky.app/profile/stadt.example"),
        ("Wasser, Keime,Wasser", JETSTREAM, JETSTREAM, f"wss://{jetstream.SERVERS[0]}/subscribe?words=Wasser,Keime"),
        ("Meldungen", SourceKind.MAILBOX, SourceKind.MAILBOX, "mailbox:Meldungen"),
        ("mailbox:Presse  alt", None, SourceKind.MAILBOX, "mailbox:Presse alt"),
        ("wss://j.example/subscribe?lang=DE", None, JETSTREAM, "wss://j.example/subscribe?lang=de"),
    ],
)  # fmt: skip
def test_an_address_says_its_kind(
    typed: str, said: SourceKind | None, kind: SourceKind, url: str | None
) -> None:
    assert kinds.recognise(typed, said) == (kind, url or typed)


@pytest.mark.parametrize(
    ("typed", "said", "words"),
    [
        ("", None, "Adresse eines Feeds"),
        ("ftp://x.example", None, "Adresse eines Feeds"),
        ("https://x.example/a", MASTODON, "Schlagworts"),
        ("Ana", BLUESKY, "Namen des Kontos"),
        ("https://m.example/@stadt", BLUESKY, "Namen des Kontos"),
        ("", JETSTREAM, "Wörter"),
        ("", SourceKind.MAILBOX, "Ordner des Postfachs"),
        ('a"*', SourceKind.MAILBOX, "Ordner des Postfachs"),
        ("https://x.example/" + "a" * 2_000, None, "Adresse eines Feeds"),
        ("https://[x/tags/a", MASTODON, "Schlagworts"),
    ],
)
def test_what_is_no_such_address_is_said_in_the_words_of_the_kind(
    typed: str, said: SourceKind | None, words: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        kinds.recognise(typed, said)
    assert words in caught.value.de


@pytest.mark.parametrize(
    ("url", "cursor", "asked"),
    [
        ("https://m.example/tags/a b", "", "/api/v1/timelines/tag/a%20b?limit=40"),
        ("https://m.example/tags/a", "12", "/api/v1/timelines/tag/a?limit=40&min_id=12"),
        ("https://m.example/@ana", "", "/api/v1/accounts/lookup?acct=ana"),
        ("https://m.example/@ana", "7/", "/api/v1/accounts/7/statuses?limit=40&exclude_reblogs=true"),
        ("https://m.example/@a", "7/9", "/api/v1/accounts/7/statuses?limit=40&min_id=9&exclude_reblogs=true"),
        ("https://m.example/search?q=a", "9", "/api/v2/search?q=a&type=statuses&limit=40&min_id=9"),
    ],
)  # fmt: skip
def test_mastodon_is_asked_from_where_we_were(url: str, cursor: str, asked: str) -> None:
    one = source(url=url, kind=MASTODON)
    assert kinds.question(one, cursor) == f"https://m.example{asked}"


@pytest.mark.parametrize(
    ("url", "cursor", "found", "full", "after"),
    [
        ("https://m.example/tags/a", "", "99", True, ("99", False)),  # the first time, newest only
        ("https://m.example/tags/a", "99", "100", True, ("100", True)),
        ("https://m.example/tags/a", "99", "", False, ("99", False)),
        ("https://m.example/tags/a", "100", "99", False, ("100", False)),  # never backwards
        ("https://m.example/@a", "", "7", True, ("7/", True)),
        ("https://m.example/@a", "", "7/../8", True, ("7/../8/", False)),
        ("https://m.example/@a", "7/", "50", True, ("7/50", False)),
        ("https://m.example/@a", "7/50", "90", True, ("7/90", True)),
    ],
)
def test_the_cursor_goes_forward_only(
    url: str, cursor: str, found: str, full: bool, after: tuple[str, bool]
) -> None:
    content = FeedContent(cursor=found, full=full)
    assert kinds.advance(source(url=url, kind=MASTODON), cursor, content) == after


def status(number: int, **changed: Any) -> dict[str, Any]:
    """A status as the API gives it, as far as we look."""
    return {
        "id": str(number),
        "visibility": "public",
        "url": f"https://m.example/@ana/{number}",
        "content": "<p>Das Wasser <script>alert(1)</script>ist<br>verkeimt &amp; trüb</p>",
        "created_at": "2026-03-02T10:00:00.000Z",
        "language": "de",
        "account": {"id": "7", "acct": "ana"},
        "reblogs_count": 3,
        "reblog": None,
        **changed,
    }


def test_a_status_becomes_a_post() -> None:
    picture = {"description": "Ein Glas mit braunem Wasser"}
    body = json.dumps(
        [status(12, spoiler_text="Achtung", media_attachments=[picture]), status(9)]
    ).encode()
    content = statuses.read(body, url="https://m.example/api/v1/timelines/tag/a")
    post = content.posts[0]
    assert post.text == "Achtung\nDas Wasser ist\nverkeimt & trüb\nEin Glas mit braunem Wasser"
    assert (post.key, post.lang, post.author, post.reach) == ("12", "de", "@ana", 3)
    assert post.url == "https://m.example/@ana/12"
    assert content.cursor == "12"


def test_only_what_is_public_and_ones_own_is_taken_but_the_cursor_passes_it() -> None:
    body = json.dumps(
        [
            status(15, reblog=status(3)),
            status(14, visibility="unlisted"),
            status(13, visibility="private"),
            status(12),
            {"id": 5},
            "nonsense",
        ]
    ).encode()
    content = statuses.read(body)
    assert [post.key for post in content.posts] == ["12"]
    assert content.cursor == "15"


def test_a_search_and_a_look_up_are_read_too() -> None:
    assert len(statuses.read(json.dumps({"statuses": [status(1)]}).encode()).posts) == 1
    account = {"id": "7", "acct": "ana", "display_name": "Ana <b>Beispiel</b>"}
    content = statuses.read(json.dumps(account).encode())
    assert (content.title, content.cursor, content.posts) == ("Ana Beispiel", "7", ())


@pytest.mark.parametrize(
    "body", [b"<html>", b"{}", b'{"error": "Gone\\u0007 fishing"}', b"12", b"null", b""]
)
def test_what_is_no_answer_of_mastodon_is_refused(body: bytes) -> None:
    with pytest.raises(FeedError, match="like Mastodon"):
        statuses.read(body)


def test_a_server_that_wants_a_sign_in_is_explained_with_the_feed() -> None:
    one = source(url="https://m.example/tags/a", kind=MASTODON)
    said = kinds.explain(one, FetchError("x", "x", status=401))
    assert "Zugangsschlüssel" in said.de
    assert "https://m.example/tags/a.rss" in said.de
    other = FetchError("x", "x", status=500)
    assert kinds.explain(one, other) is other


def record(**changed: Any) -> dict[str, Any]:
    """A post as Bluesky keeps it."""
    return {
        "$type": "app.bsky.feed.post",
        "text": "Das Wasser ist verkeimt",
        "createdAt": "2026-03-02T10:00:00.000Z",
        "langs": ["de-DE"],
        **changed,
    }


def test_an_account_at_bluesky_is_read_without_what_it_passed_on() -> None:
    author = {"handle": "ana.example", "displayName": "Ana"}
    post = {
        "uri": "at://did:plc:a/app.bsky.feed.post/3k",
        "author": author,
        "record": record(embed={"external": {"title": "Leitung gebrochen", "uri": "x"}}),
        "repostCount": 4,
    }
    body = {"feed": [{"post": post}, {"post": post, "reason": {"$type": "…#reasonRepost"}}, 1]}
    content = bluesky.read(json.dumps(body).encode())
    assert content.title == "Ana"
    assert len(content.posts) == 1
    one = content.posts[0]
    assert one.text == "Das Wasser ist verkeimt\nLeitung gebrochen"
    assert one.url == "https://bsky.app/profile/did:plc:a/post/3k"
    assert (one.author, one.lang, one.reach) == ("@ana.example", "de", 4)
    for nonsense in (b"[]", b"{", b'{"feed": 3}'):
        with pytest.raises(FeedError):
            bluesky.read(nonsense)


def event(at: int = 1_000, operation: str = "create", **changed: Any) -> bytes:
    """An event of Jetstream."""
    commit = {
        "operation": operation,
        "collection": "app.bsky.feed.post",
        "rkey": "3k",
        "record": record(**changed),
    }
    return json.dumps(
        {"did": "did:plc:a", "time_us": at, "kind": "commit", "commit": commit}
    ).encode()


EVERYTHING = jetstream.Sieve(jetstream.Wanted("wss://j.example"))


def test_an_event_is_a_post_written_or_deleted() -> None:
    written = jetstream.read(event(), EVERYTHING)
    assert written is not None
    assert written.post is not None
    assert (written.at, written.post.key, written.post.lang) == (1_000, "did:plc:a/3k", "de")
    deleted = jetstream.read(event(operation="delete"), EVERYTHING)
    assert deleted == jetstream.Event(1_000, gone="did:plc:a/3k")


def test_an_account_that_is_deleted_takes_its_posts_with_it() -> None:
    def said(**account: object) -> jetstream.Event | None:
        data = {"did": "did:plc:a", "time_us": 5, "kind": "account", "account": account}
        return jetstream.read(json.dumps(data), EVERYTHING)

    assert said(active=False, status="deleted") == jetstream.Event(5, gone="did:plc:a/")
    assert said(active=True) == jetstream.Event(5)
    assert said(active=False, status="deactivated") == jetstream.Event(5)


@pytest.mark.parametrize(
    ("langs", "words", "text", "said", "taken"),
    [
        ("de", "", "Guten Morgen", ["de"], True),
        ("de", "", "Good morning", ["en"], False),
        ("de", "", "Servus", [], True),  # says no language: the words decide
        ("de", "wasser", "TRINKWASSER verkeimt", ["de", "en"], True),
        ("", "Straße", "auf der STRASSE", ["fr"], True),
        ("", "wasser,strom", "Alles gut", ["de"], False),
        ("", "a.b", "axb", [], False),
    ],
)
def test_the_sieve_takes_languages_and_words(
    langs: str, words: str, text: str, said: list[str], taken: bool
) -> None:
    want = jetstream.wanted(f"wss://j.example/subscribe?lang={langs}&words={words}")
    assert want is not None
    found = jetstream.read(event(text=text, langs=said), jetstream.Sieve(want))
    assert found is not None
    assert (found.post is not None) is taken


@pytest.mark.parametrize(
    "message",
    [b"", b"[]", b"{}", b'{"time_us": "x"}', b'{"time_us": true}', b'{"time_us": -1}', b"\xff",
     b'{"time_us": 1, "kind": "commit", "commit": 3}', b'{"time_us": 1, "kind": "account"}',
     b"[" * 100_000],
)  # fmt: skip
def test_damaged_events_are_passed_over(message: bytes) -> None:
    assert jetstream.read(message, EVERYTHING) is None


@pytest.mark.parametrize(
    "changed", [{"text": 3}, {"text": ""}, {"langs": 3}, {"embed": {"images": [1]}}]
)
def test_records_of_the_wrong_shape_do_no_harm(changed: dict[str, Any]) -> None:
    assert jetstream.read(event(**changed), EVERYTHING) is not None


def test_after_a_break_a_little_is_heard_again() -> None:
    want = jetstream.Wanted("wss://j.example", words=("a",))
    assert jetstream.question(want, "").endswith("/subscribe?wantedCollections=app.bsky.feed.post")
    assert jetstream.question(want, "9000000").endswith("&cursor=4000000")
    assert "cursor" not in jetstream.question(want, "kaputt")


def test_the_later_number_is_the_longer_one() -> None:
    assert mastodon.newest("9", "10") == "10"
