"""From streams and paged answers to the spool: nothing lost, nothing twice, nothing kept for nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from builders import source
from town import Town

from crisis.errors import FetchError
from crisis.store import Store
from crisis.types import FeedPost, Heard, Post, Source, SourceKind
from crisis.workflows import listen, triage, watch

RUMOUR = "#wasser Das Wasser ist vergiftet"
OTHER = RUMOUR + ", sagen alle"
CHAT = "Guten Morgen zusammen"


@pytest.fixture
def stream(town: Town) -> Source:
    one = source(url="wss://j.example/subscribe?words=wasser", kind=SourceKind.JETSTREAM)
    return town.store.sources.add(one)


def heard(one: Source, *posts: tuple[str, str], **changed: Any) -> Heard:
    said = tuple(FeedPost(key=key, text=text) for key, text in posts)
    return Heard(source_id=one.id, posts=said, **changed)


def spooled(store: Store) -> list[Post]:
    return store.posts.kept(Town.now, limit=99) + store.posts.claim(99, "test", Town.now)


def test_of_what_carries_nothing_only_the_hash_stays(town: Town, stream: Source) -> None:
    new = listen.keep(town.house, heard(stream, ("a", RUMOUR), ("b", CHAT), cursor="7"), town.now)
    assert new == 2
    assert [post.key for post in spooled(town.store)] == ["a"]
    assert set(town.store.posts.known(stream.id, ["a", "b"])) == {"a", "b"}
    after = town.store.sources.get(stream.id)
    assert (after.cursor, after.last_success, after.failures) == ("7", town.now, 0)
    assert town.store.scores.models(town.house.terms.today(town.now))


def test_what_is_heard_again_is_not_counted_again(town: Town, stream: Source) -> None:
    once = heard(stream, ("a", RUMOUR), ("b", CHAT), ("b", CHAT), cursor="7")
    assert listen.keep(town.house, once, town.now) == 2
    triage.triage(town.house, "monitor", town.now)
    assert listen.keep(town.house, once, town.later(minutes=5)) == 0
    assert triage.triage(town.house, "monitor", town.now) == 0
    usual = town.store.sources.usual_per_hour([stream.id], town.later(hours=1))
    assert round(usual * 65 / 60) == 2  # an hour and five minutes after the first


def test_killed_before_it_was_written_down_it_is_heard_again(town: Town, stream: Source) -> None:
    class KilledError(BaseException):
        """The process ends here."""

    everything = heard(stream, ("a", RUMOUR), ("b", CHAT), cursor="7")
    update = town.store.sources.update

    def dies(_source: Source) -> None:
        raise KilledError

    town.store.sources.update = dies  # type: ignore[method-assign]
    with pytest.raises(KilledError):
        listen.keep(town.house, everything, town.now)
    town.store.sources.update = update  # type: ignore[method-assign]
    assert town.store.sources.get(stream.id).cursor == ""
    assert town.store.posts.known(stream.id, ["a", "b"]) == {}
    assert listen.keep(town.house, everything, town.now) == 2
    assert [post.key for post in spooled(town.store)] == ["a"]


def test_a_deleted_post_is_forgotten_and_one_in_an_incident_loses_its_words(
    town: Town, stream: Source
) -> None:
    listen.keep(town.house, heard(stream, ("d/a", RUMOUR), ("d/b", OTHER)), town.now)
    triage.triage(town.house, "monitor", town.now)
    listen.keep(town.house, heard(stream, ("d/c", RUMOUR + "?")), town.now)
    (incident,) = town.store.incidents.all_open()
    listen.keep(town.house, heard(stream, gone=("d/a", "d/c", "never/seen")), town.now)
    posts = town.store.sightings.of_incident(incident.id)
    assert {(s.post.text, s.post.gone) for s in posts} == {("", town.now), (OTHER, None)}
    assert triage.triage(town.house, "monitor", town.now) == 0  # d/c is gone from the spool
    listen.keep(town.house, heard(stream, gone=("d/",)), town.later(minutes=1))
    posts = town.store.sightings.of_incident(incident.id)
    assert [s.post.text for s in posts] == ["", ""]
    assert not any("d/" in s.post.key for s in posts)  # it names whoever wrote it
    assert town.store.incidents.spread(incident.id, town.now).posts == 2  # they were said


def test_an_edit_that_takes_up_a_rumour_is_seen(town: Town, stream: Source) -> None:
    listen.keep(town.house, heard(stream, ("a", CHAT)), town.now)
    listen.keep(town.house, heard(stream, ("a", RUMOUR)), town.now)
    triage.triage(town.house, "monitor", town.now)
    assert len(town.store.incidents.all_open()) == 1


def test_a_line_that_is_down_is_said_and_forgotten_when_it_is_up(
    town: Town, stream: Source
) -> None:
    error = FetchError("j.example antwortet nicht.", "j.example does not answer.")
    for _ in range(2):
        listen.keep(town.house, heard(stream, error=error), town.now)
    after = town.store.sources.get(stream.id)
    assert (after.failures, after.last_error) == (2, "j.example antwortet nicht.")
    listen.keep(town.house, heard(stream, ("a", CHAT)), town.now)
    assert town.store.sources.get(stream.id).failures == 0


@pytest.mark.parametrize("how", ["removed", "paused"])
def test_what_nobody_wants_any_more_is_not_written_down(
    town: Town, stream: Source, how: str
) -> None:
    if how == "removed":
        town.store.sources.remove(stream.id)
    else:
        town.store.sources.update(source(**{**_fields(stream), "active": False}))
    assert listen.keep(town.house, heard(stream, ("a", RUMOUR)), town.now) == 0
    assert spooled(town.store) == []


def _fields(one: Source) -> dict[str, Any]:
    return {"id": one.id, "url": one.url, "kind": one.kind, "name": one.name}


def test_streams_are_heard_and_not_asked(town: Town, stream: Source) -> None:
    assert stream.id not in [one.id for one in town.store.sources.due(town.now)]
    assert stream.id in [one.id for one in listen.wants_lines(town.store)]


# --- asked page by page ----------------------------------------------------------------------


def statuses(*numbers: int) -> bytes:
    return json.dumps(
        [
            {"id": str(n), "visibility": "public", "content": f"<p>Beitrag {n}</p>"}
            for n in sorted(numbers, reverse=True)
        ]
    ).encode()


TAG = "https://m.example/api/v1/timelines/tag/wasser?limit=40"


def test_after_a_pause_every_page_is_asked_for(town: Town) -> None:
    tag = town.store.sources.add(
        source(url="https://m.example/tags/wasser", kind=SourceKind.MASTODON, cursor="100")
    )
    pages = town.fetch.pages
    pages[f"{TAG}&min_id=100"] = statuses(*range(101, 141))
    pages[f"{TAG}&min_id=140"] = statuses(*range(141, 181))
    pages[f"{TAG}&min_id=180"] = statuses(181)
    outcome = watch.ask(town.fetch, town.house.reader, tag)
    assert watch.keep(town.store, outcome, town.now) == 81
    assert town.store.sources.get(tag.id).cursor == "181"


def test_what_was_read_before_a_page_failed_counts(town: Town) -> None:
    tag = town.store.sources.add(
        source(url="https://m.example/tags/wasser", kind=SourceKind.MASTODON, cursor="100")
    )
    town.fetch.pages[f"{TAG}&min_id=100"] = statuses(*range(101, 141))
    outcome = watch.ask(town.fetch, town.house.reader, tag)
    assert watch.keep(town.store, outcome, town.now) == 40
    assert town.store.sources.get(tag.id).cursor == "140"


def test_an_account_is_looked_up_once(town: Town) -> None:
    ana = town.store.sources.add(source(url="https://m.example/@ana", kind=SourceKind.MASTODON))
    account = {"id": "7", "acct": "ana", "display_name": "Ana"}
    base = "https://m.example/api/v1/accounts"
    town.fetch.pages[f"{base}/lookup?acct=ana"] = json.dumps(account).encode()
    town.fetch.pages[f"{base}/7/statuses?limit=40&exclude_reblogs=true"] = statuses(5)
    outcome = watch.ask(town.fetch, town.house.reader, ana)
    assert outcome.content is not None
    assert outcome.content.title == "Ana"
    assert watch.keep(town.store, outcome, town.now) == 1
    after = town.store.sources.get(ana.id)
    assert after.cursor == "7/5"
    town.fetch.pages[f"{base}/7/statuses?limit=40&min_id=5&exclude_reblogs=true"] = statuses()
    watch.keep(town.store, watch.ask(town.fetch, town.house.reader, after), town.now)
    assert town.fetch.asked.count(f"{base}/lookup?acct=ana") == 1
    assert town.store.sources.get(ana.id).failures == 0


def test_a_gap_in_a_stream_is_filled_by_asking(town: Town) -> None:
    tag = town.store.sources.add(
        source(
            url="https://m.example/tags/wasser",
            kind=SourceKind.MASTODON,
            cursor="100",
            next_due=town.later(hours=1),
        )
    )
    listen.keep(town.house, heard(tag, ("105", CHAT), gap=True), town.now)
    after = town.store.sources.get(tag.id)
    assert (after.next_due, after.cursor) == (town.now, "100")
    town.fetch.pages[f"{TAG}&min_id=100"] = statuses(101, 105)
    outcome = watch.ask(town.fetch, town.house.reader, after)
    assert watch.keep(town.store, outcome, town.now) == 1  # 105 was heard already


def test_of_many_posts_a_few_are_scored_wholly_and_stand_for_all(
    town: Town, stream: Source
) -> None:
    many = [(str(n), CHAT) for n in range(200)] + [("a", RUMOUR)]
    assert listen.keep(town.house, heard(stream, *many), town.now) == 201
    assert [post.key for post in spooled(town.store)] == ["a"]
    (counts,) = town.store.scores.since(town.now.date(), "fake").values()
    counted = sum(counts.values())
    assert counted == 200


def test_how_a_stream_beside_a_polled_source_does_is_remembered(town: Town) -> None:
    tag = town.store.sources.add(
        source(url="https://m.example/tags/wasser", kind=SourceKind.MASTODON, cursor="100")
    )

    def hears(**what: Any) -> Source:
        town.later(minutes=5)
        listen.keep(town.house, Heard(source_id=tag.id, **what), town.now)
        return town.store.sources.get(tag.id)

    up = hears(gap=True)
    assert (up.line_since, up.line_error) == (town.now, "")
    assert hears(posts=()).line_since == up.line_since
    down = hears(error=FetchError("Abgebrochen.", "Broken off."))
    assert (down.line_since, down.line_error_en) == (town.now, "Broken off.")
    still = hears(error=FetchError("Immer noch.", "Still."))
    assert (still.line_since, still.line_error) == (down.line_since, "Immer noch.")
    assert still.failures == 0, "it is asked meanwhile, and answers"
    assert hears(gap=True).line_error == ""
