"""Posts of open incidents are looked at again, gently; what was deleted is forgotten, edits are followed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from builders import NOON, source
from town import Town

from crisis.errors import FetchError
from crisis.sources import again, bluesky
from crisis.types import Appearance, FeedContent, FeedPost, Incident, SourceKind
from crisis.workflows import look_again, triage
from crisis.workflows.spool import spool

TEXT = "#wasser Das Wasser ist vergiftet"
PAGE = "https://zeitung.example/a"
TAG = "https://mastodon.example/tags/wasser"
STATUS = "https://mastodon.example/api/v1/statuses/12"


def brings(town: Town, kind: SourceKind, url: str, *posts: FeedPost, drill: bool = False) -> None:
    with town.store.transaction():
        one = town.store.sources.by_url(url)
        if one is None:
            one = town.store.sources.add(source(url=url, kind=kind, drill=drill))
        spool(town.store, one, FeedContent(posts=posts), town.now)
    triage.triage(town.house, "monitor", town.now)


def incident(town: Town) -> Incident:
    (found,) = town.store.incidents.all_open()
    return found


def texts(town: Town) -> list[str]:
    found = town.store.sightings.of_incident(incident(town).id)
    return [one.post.text for one in sorted(found, key=lambda s: s.id)]


def asked(town: Town, **later: float) -> list[str]:
    """What is asked when so much time has gone by."""
    town.later(**later)
    town.fetch.asked.clear()
    look_again.look_again(town.house, town.now)
    return list(town.fetch.asked)


def gone(status: int = 404) -> FetchError:
    return FetchError("Nicht da.", "Not there.", status=status)


def status(text: str, **more: object) -> bytes:
    return json.dumps(
        {
            "id": "12",
            "content": f"<p>{text}</p>",
            "visibility": "public",
            "account": {"acct": "anna"},
            "url": "https://mastodon.example/@anna/12",
            **more,
        }
    ).encode()


@pytest.fixture
def paper(town: Town) -> Town:
    brings(town, SourceKind.FEED, "http://feed.example/rss", FeedPost(key="a", text=TEXT, url=PAGE))
    return town


def test_a_page_that_is_missing_twice_is_forgotten_here_too(paper: Town) -> None:
    paper.fetch.pages[PAGE] = gone()
    assert asked(paper, hours=5) == []  # not yet
    assert asked(paper, hours=1, minutes=1) == [PAGE]
    assert texts(paper) == [TEXT]  # once may be a fault of the server
    assert asked(paper, minutes=50) == []
    assert asked(paper, minutes=15) == [PAGE]
    assert texts(paper) == [""]
    last = paper.store.audit.of_incident(incident(paper).id)[-1]
    assert (last.action, last.actor) == ("post.gone", "system")
    assert paper.store.incidents.spread(incident(paper).id, paper.now).posts == 1  # it was said
    assert asked(paper, hours=24) == []


@pytest.mark.parametrize("answer", [b"there", gone(403), gone(429), gone(500), gone(503)])
def test_any_other_answer_says_nothing_of_the_post(paper: Town, answer: bytes | Exception) -> None:
    paper.fetch.pages[PAGE] = answer
    for _ in range(4):
        assert asked(paper, hours=7) == [PAGE]
    assert texts(paper) == [TEXT]


def test_a_line_that_is_down_says_nothing_of_the_post(paper: Town) -> None:
    paper.fetch.pages[PAGE] = FetchError("Nicht erreichbar.", "Out of reach.")
    for _ in range(4):
        assert asked(paper, hours=7) == [PAGE]
    assert texts(paper) == [TEXT]


def test_back_again_after_one_miss_it_needs_two_more(paper: Town) -> None:
    for answer in (gone(), b"there", gone(410)):
        paper.fetch.pages[PAGE] = answer
        asked(paper, hours=7)
    assert texts(paper) == [TEXT]
    asked(paper, hours=2)
    assert texts(paper) == [""]


def test_only_posts_of_open_incidents_are_looked_at(paper: Town) -> None:
    with paper.store.transaction():
        paper.store._db.execute(
            "update incidents set state = 'closed', ended_at = ?", [NOON.isoformat()]
        )
    assert asked(paper, hours=7) == []


def test_exercises_ask_nobody(town: Town) -> None:
    brings(
        town,
        SourceKind.FEED,
        "http://127.0.0.1/uebung/feed/x",
        FeedPost(key="a", text=TEXT, url=PAGE),
        drill=True,
    )
    assert asked(town, hours=7) == []


def test_no_host_is_asked_often(town: Town) -> None:
    posts = [
        FeedPost(key=f"k{n}", text=f"{TEXT} Fall {n}", url=f"https://zeitung.example/{n}")
        for n in range(60)
    ]
    brings(town, SourceKind.FEED, "http://feed.example/rss", *posts)
    town.later(hours=7)
    total = []
    for _ in range(30):
        total += asked(town, minutes=1)
    assert len(total) == len(set(total)) == look_again.A_HOST
    assert len(asked(town, hours=1)) == look_again.AT_ONCE


def test_a_status_is_asked_by_the_api_and_its_edit_is_followed(town: Town) -> None:
    town.fetch.pages[STATUS] = status(TEXT)
    brings(town, SourceKind.MASTODON, TAG, FeedPost(key="12", text=TEXT))
    assert asked(town, hours=7) == [STATUS]
    triage.triage(town.house, "monitor", town.now)
    assert texts(town) == [TEXT]
    town.fetch.pages[STATUS] = status("Entwarnung, alles gut", edited_at="2026-03-02T13:00:00Z")
    asked(town, hours=7)
    triage.triage(town.house, "monitor", town.now)
    assert texts(town) == ["Entwarnung, alles gut"]
    (one,) = town.store.sightings.of_incident(incident(town).id)
    assert (one.post.edited, one.match.marks) == (True, ())
    town.fetch.pages[STATUS] = gone()
    asked(town, hours=7)
    asked(town, hours=7)
    assert texts(town) == [""]


def test_nonsense_instead_of_a_status_changes_nothing(town: Town) -> None:
    brings(town, SourceKind.MASTODON, TAG, FeedPost(key="12", text=TEXT))
    for answer in (b"<html>", b"[]", b"{}", status("anders", id="13"), b'{"error": "x"}'):
        town.fetch.pages[STATUS] = answer
        asked(town, hours=7)
        triage.triage(town.house, "monitor", town.now)
    assert texts(town) == [TEXT]


def test_posts_of_bluesky_are_asked_together_and_those_that_are_missing_are_gone(
    town: Town,
) -> None:
    uris = [f"at://did:plc:ana/{bluesky.POST}/r{n}" for n in range(3)]
    posts = [FeedPost(key=uri, text=f"{TEXT} Fall {n}") for n, uri in enumerate(uris)]
    brings(town, SourceKind.BLUESKY, "https://bsky.app/profile/ana.example", *posts[:2])
    stream = "wss://j.example/subscribe?words=wasser"
    brings(town, SourceKind.JETSTREAM, stream, FeedPost(key="did:plc:ana/r2", text=posts[2].text))
    town.later(hours=7)
    (question,) = look_again.due(town.store, town.now)
    assert len(question.of) == 3
    for _ in range(2):
        town.fetch.pages[question.url] = json.dumps({"posts": [{"uri": uris[1]}]}).encode()
        seen = look_again.look(town.fetch, town.house.reader, question)
        look_again.keep(town.store, seen, town.now)
    assert [text for text in texts(town) if text] == [posts[1].text]
    for hostile in (b"[]", b"{}", b'{"posts": [1]}', b"x", b'{"posts": null}'):
        assert again.missing(question, hostile) == frozenset()


def test_found_elsewhere_too_it_is_forgotten_only_where_it_was_deleted(paper: Town) -> None:
    other = "https://blatt.example/b"
    brings(
        paper, SourceKind.FEED, "http://two.example/rss", FeedPost(key="b", text=TEXT, url=other)
    )
    paper.fetch.pages |= {PAGE: gone(), other: b"there"}
    asked(paper, hours=7)
    asked(paper, hours=7)
    assert texts(paper) == [TEXT]
    (one,) = paper.store.sightings.of_incident(incident(paper).id)
    assert one.post.url == other


def test_what_cannot_be_asked_holds_up_nobody(town: Town) -> None:
    brings(
        town,
        SourceKind.PUSH,
        "push:1",
        *(FeedPost(key=f"k{n}", text=f"{TEXT} Fall {n}") for n in range(220)),
        FeedPost(key="z", text=f"{TEXT} zuletzt", url=PAGE),
    )
    while triage.triage(town.house, "monitor", town.now):
        pass
    town.later(hours=7)
    found = asked(town, minutes=0) + asked(town, minutes=1)
    assert found == [PAGE]


def test_a_clock_that_jumped_keeps_no_post_from_being_looked_at(paper: Town) -> None:
    assert asked(paper, days=400) == [PAGE]
    paper.later(days=-399)
    assert asked(paper, hours=0) == [PAGE]
    assert asked(paper, hours=1) == []


def test_killed_between_asking_and_writing_it_is_asked_again(paper: Town) -> None:
    paper.fetch.pages[PAGE] = gone()
    paper.later(hours=7)
    (question,) = look_again.due(paper.store, paper.now)
    look_again.look(paper.fetch, paper.house.reader, question)  # and the process ends here
    asked(paper, hours=7)
    asked(paper, hours=7)
    assert texts(paper) == [""]


def test_questions_know_the_kinds() -> None:
    def place(key: str, url: str = "") -> Appearance:
        return Appearance(id=1, post_id=1, source_id=1, key=key, url=url, seen=NOON)

    def ways(kind: SourceKind, source_url: str, one: Appearance) -> list[str]:
        return [question.way for question in again.questions([(one, kind, source_url)])]

    assert ways(SourceKind.FEED, "", place("k", "javascript:alert(1)")) == []
    assert ways(SourceKind.MASTODON, TAG, place("../../x", PAGE)) == ["page"]
    assert ways(SourceKind.MASTODON, "https://other.example/", place("12", PAGE)) == ["page"]
    assert ways(SourceKind.JETSTREAM, "", place("no did", "")) == []
    assert ways(SourceKind.MAILBOX, "mailbox:A", place("<1@x>", PAGE)) == ["page"]
    many = [(place(f"did:plc:a/{n}"), SourceKind.JETSTREAM, "") for n in range(60)]
    assert [len(question.of) for question in again.questions(many)] == [25, 25, 10]
    assert timedelta(hours=1) == look_again.SOONER
