"""Sources that move, end, fail and come back; what is kept of each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import source
from fakes import FakeFetch, feed
from town import Town

from crisis.errors import FetchError
from crisis.types import Fetched, Source
from crisis.workflows import subscribe, watch

OLD, NEW = "http://feed.example/rss", "https://feed.example/rss"


class Moved(FakeFetch):
    """Serves the feed and says that it lives elsewhere now."""

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        found = super().fetch(url, etag=etag, last_modified=last_modified)
        return replace(found, moved_to=NEW if url == OLD else "", fresh_for=1200)


@pytest.fixture
def paper(town: Town) -> Source:
    with town.store.transaction():
        return town.store.sources.add(source(url=OLD))


def now_is(town: Town, paper: Source) -> Source:
    return town.store.sources.get(paper.id)


def actions(town: Town, paper: Source) -> list[str]:
    return [entry.action for entry in town.store.audit.of_object(f"source:{paper.id}")]


def test_a_source_is_followed_to_its_new_address_and_no_post_comes_twice(
    town: Town, paper: Source
) -> None:
    town.fetch = Moved()
    town.fetch.pages = {OLD: feed("eins"), NEW: feed("eins")}
    new = [watch.watch(town.house, town.later(hours=7)) for _ in range(8)]
    assert new == [1, 0, 0, 0, 0, 0, 0, 0]
    there = now_is(town, paper)
    assert (there.url, there.moved_from) == (NEW, OLD)
    assert town.fetch.asked[-1] == NEW
    assert actions(town, paper) == ["source.moved"]


def test_a_source_is_not_followed_to_where_another_is_asked(town: Town, paper: Source) -> None:
    with town.store.transaction():
        town.store.sources.add(source(url=NEW, name="B", active=False))
    town.fetch = Moved()
    town.fetch.pages = {OLD: feed("eins")}
    for _ in range(8):
        watch.watch(town.house, town.later(hours=7))
    assert now_is(town, paper).url == OLD
    assert now_is(town, paper).moved_to == NEW


def test_what_the_server_wishes_moves_the_next_question(town: Town, paper: Source) -> None:
    town.fetch = Moved()
    town.fetch.pages = {OLD: feed("eins")}
    watch.watch(town.house, town.now)
    assert now_is(town, paper).next_due == town.now + timedelta(seconds=1200)


def test_a_source_that_is_gone_for_good_is_asked_no_longer_until_somebody_says_so(
    town: Town, paper: Source
) -> None:
    town.fetch.pages = {OLD: FetchError("Eingestellt (410).", "Gone (410).", status=410)}
    watch.watch(town.house, town.now)
    ended = now_is(town, paper)
    assert not ended.active
    assert ended.ended == town.now
    assert actions(town, paper) == ["source.ended"]
    watch.watch(town.house, town.later(days=30))
    assert len(town.fetch.asked) == 1
    subscribe.resume(town.store, paper.id, None, town.now)
    town.fetch.pages = {OLD: feed("wieder da")}
    assert watch.watch(town.house, town.now) == 1
    assert now_is(town, paper).ended is None


def test_since_when_a_source_fails_is_remembered_until_it_is_well(
    town: Town, paper: Source
) -> None:
    began = town.now
    for _ in range(3):
        watch.watch(town.house, town.now)
        town.later(hours=12)
    assert now_is(town, paper).failing_since == began
    assert now_is(town, paper).failures == 3
    town.fetch.pages = {OLD: feed("da")}
    watch.watch(town.house, town.now)
    assert now_is(town, paper).failing_since is None


def test_a_clock_that_was_years_ahead_keeps_no_source_waiting_once_it_is_right(
    town: Town, paper: Source
) -> None:
    town.fetch.pages = {OLD: feed("eins")}
    watch.watch(town.house, datetime(2099, 1, 1, tzinfo=UTC))
    town.fetch.pages = {OLD: feed("eins", "zwei")}
    assert watch.watch(town.house, town.now) == 1


def test_what_went_wrong_is_kept_in_both_languages(town: Town, paper: Source) -> None:
    town.fetch.pages[OLD] = FetchError("Nicht erreichbar.", "Cannot be reached.")
    watch.watch(town.house, town.now)
    failing = now_is(town, paper)
    assert (failing.error("de"), failing.error("en")) == ("Nicht erreichbar.", "Cannot be reached.")
    old = replace(failing, last_error_en="")
    assert old.error("en") == "Nicht erreichbar.", "written down before there was English"
    town.fetch.pages[OLD] = feed("Guten Morgen")
    town.later(hours=1)
    watch.watch(town.house, town.now)
    assert now_is(town, paper).error("en") == ""


def test_a_server_that_asks_for_a_rest_gets_it_for_all_that_is_asked_there(
    town: Town, paper: Source
) -> None:
    with town.store.transaction():
        add = town.store.sources.add
        beside = add(source(url="http://feed.example/sport"))
        later = add(source(url="http://feed.example/spaet", next_due=town.now + timedelta(hours=9)))
        elsewhere = add(source(url="http://anderswo.example/rss"))
        paused = add(source(url="http://feed.example/ruht", active=False))
    wait = FetchError("Seltener (429).", "Less often (429).", status=429, retry_after=1800)
    watch.keep(town.store, watch.Outcome(paper, error=wait), town.now)
    until = town.now + timedelta(seconds=1800)
    found = town.store.sources.get
    assert now_is(town, paper).next_due == until
    assert found(beside.id).next_due == until
    assert (found(beside.id).failures, found(beside.id).last_error) == (0, ""), "it did not fail"
    assert found(later.id).next_due == later.next_due, "never sooner"
    assert found(elsewhere.id).next_due is None
    assert found(paused.id).next_due is None
    forever = FetchError("Nie mehr.", "Never again.", status=503, retry_after=1e9)
    watch.keep(town.store, watch.Outcome(paper, error=forever), town.now)
    assert found(beside.id).next_due == town.now + timedelta(days=1), "a day at the most"
