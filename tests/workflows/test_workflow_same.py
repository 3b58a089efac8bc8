"""The same story once: one post with several places, whoever brings it, in whatever order."""

from __future__ import annotations

import multiprocessing
import multiprocessing.synchronize
import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON, rumour, source
from fakes import FakeIndex
from town import Town

from crisis.incidents.stream import EVERY, Wanted
from crisis.sources.veil import veiled
from crisis.store import Store
from crisis.types import (
    Appearance,
    FeedContent,
    FeedPost,
    Heard,
    Incident,
    Severity,
    Sighting,
    SourceKind,
    Verdict,
)
from crisis.workflows import listen, suggest, tidy, triage, verdicts
from crisis.workflows.spool import spool

TEXT = "#wasser Das Wasser ist vergiftet, sagt der Nachbar"
OTHER = "#wasser Aus dem Hahn kommt Gift, so hört man heute überall"
PERHAPS = "?wasser Stimmt das mit dem Wasser"
CHAT = "Guten Morgen zusammen"


class Village:
    """A town with three feeds, and whoever writes there."""

    def __init__(self, town: Town) -> None:
        self.town, self.store = town, town.store
        self.store.posts.veil = lambda name: veiled(name, b"key")
        with self.store.transaction():
            self.feeds = [
                self.store.sources.add(source(url=f"http://feed.example/{n}", name=f"Blatt {n}"))
                for n in (1, 2, 3)
            ]

    def brings(self, feed: int, key: str, text: str = TEXT, **more: object) -> None:
        """A feed shows a post, and the monitor triages it."""
        said = FeedPost(key=key, text=text, **more)  # type: ignore[arg-type]
        with self.store.transaction():
            spool(self.store, self.feeds[feed], FeedContent(posts=(said,)), self.town.now)
        triage.triage(self.town.house, "monitor", self.town.now)

    def deletes(self, feed: int, *keys: str) -> None:
        heard = Heard(source_id=self.feeds[feed].id, gone=keys)
        listen.keep(self.town.house, heard, self.town.now)

    @property
    def incident(self) -> Incident:
        (found,) = self.store.incidents.all_open()
        return found

    @property
    def sightings(self) -> list[Sighting]:
        return sorted(self.store.sightings.of_incident(self.incident.id), key=lambda s: s.id)

    def places(self, sighting: Sighting) -> list[Appearance]:
        return list(self.store.appearances.of_posts([sighting.post.id]).get(sighting.post.id, []))

    @property
    def posts(self) -> int:
        return self.store.incidents.spread(self.incident.id, self.town.now).posts


@pytest.fixture
def village(town: Town) -> Village:
    return Village(town)


def test_the_same_text_from_three_feeds_is_one_post_with_three_places(village: Village) -> None:
    for feed in (0, 1, 2):
        village.brings(feed, "k", TEXT + "!" * feed, author=f"@a{feed}", url=f"https://a.de/{feed}")
        village.town.later(minutes=1)
    (one,) = village.sightings
    places = village.places(one)
    assert [place.source_id for place in places] == [feed.id for feed in village.feeds]
    assert [place.url for place in places] == [f"https://a.de/{n}" for n in range(3)]
    assert [place.seen for place in places] == [NOON + timedelta(minutes=n) for n in range(3)]
    assert len({place.author for place in places}) == 3
    assert not any("@a" in place.author for place in places)  # names are veiled
    assert village.incident.posts == village.posts == 3
    spread = village.store.incidents.spread(village.incident.id, village.town.now)
    assert (spread.sources, spread.last_hour) == (3, 3)
    assert village.incident.severity is Severity.HIGH  # three posts, one step more for three feeds
    wanted = village.store.stream.count(village.incident.id, Wanted())
    assert (wanted.posts, wanted.texts, wanted.groups) == (3, 1, 1)
    assert sum(n for *_, n in village.store.stream.moments(village.incident.id)) == 3


def test_one_page_in_three_feeds_of_one_paper_counts_once(village: Village) -> None:
    for feed, url in enumerate(("https://blatt.example/a", "http://www.blatt.example/a?utm_id=3")):
        village.brings(feed, "k", url=url)
    village.brings(2, "k", TEXT[:-3] + "…", url="https://blatt.example/a/amp")
    (one,) = village.sightings
    assert [place.counts for place in village.places(one)] == [True, False, False]
    assert village.posts == 1
    assert village.incident.severity is Severity.LOW


def test_one_author_who_says_it_ten_times_counts_once(village: Village) -> None:
    for number in range(10):
        village.brings(0, f"k{number}", author="@laut")
    assert village.posts == 1
    village.brings(1, "k", author="@laut")  # in another network that may be somebody else
    assert village.posts == 2
    assert len(village.places(village.sightings[0])) == 11


def test_forums_give_one_address_to_all_and_nothing_is_lost(village: Village) -> None:
    village.brings(0, "a", TEXT, url="https://forum.example/thread")
    village.brings(0, "b", OTHER, url="https://forum.example/thread")
    assert len(village.sightings) == 2
    assert village.posts == 2


def test_whoever_wrote_first_leads_whenever_we_find_it(village: Village) -> None:
    village.brings(0, "late", published=NOON, url="https://a.de/late")
    village.brings(1, "early", published=NOON - timedelta(hours=3), url="https://a.de/early")
    (one,) = village.sightings
    assert (one.post.source_id, one.post.url) == (village.feeds[1].id, "https://a.de/early")
    first = village.store.incidents.first_post_at(village.incident.id)
    assert first == NOON - timedelta(hours=3)
    row = village.store._db.execute("select first_post, source_id from incident_counts").fetchone()
    assert datetime.fromisoformat(row[0]) == first
    assert row[1] == village.feeds[1].id


def test_a_word_on_the_post_holds_for_places_that_come_later(village: Village) -> None:
    village.brings(0, "a")
    village.brings(1, "b", OTHER)
    ana = village.town.ana
    wrong = village.sightings[0]
    verdicts.judge(village.store, wrong.id, Verdict.DOES_NOT_FIT, ana, village.town.now)
    for number in range(5):
        village.brings(2, f"c{number}")
    assert len(village.places(wrong)) == 6
    assert village.posts == 1  # none of the six
    assert village.sightings[0].verdict is Verdict.DOES_NOT_FIT


def test_deleted_at_one_place_it_stands_at_the_other(village: Village) -> None:
    village.brings(0, "a", author="@eins", url="https://a.de/1")
    village.brings(1, "b", author="@zwei", url="https://a.de/2")
    village.deletes(0, "a")
    (one,) = village.sightings
    assert one.post.text == TEXT
    assert (one.post.source_id, one.post.url) == (village.feeds[1].id, "https://a.de/2")
    gone, stands = village.places(one)
    assert (gone.author, gone.url, gone.gone) == ("", "", village.town.now)
    assert "a" not in gone.key.split()
    assert stands.gone is None
    assert village.posts == 2  # it was said
    village.deletes(1, "b")
    (one,) = village.sightings
    assert (one.post.text, one.post.author, one.post.url) == ("", "", "")
    assert one.post.gone == village.town.now
    assert (one.match.marks, one.match.reasons) == ((), ())
    assert village.store._db.execute("select count(*) from wordings").fetchone() == (0,)
    village.brings(2, "c")  # somebody says it again: another post
    assert len(village.sightings) == 2


def test_an_account_that_is_deleted_takes_all_its_places_along(village: Village) -> None:
    village.brings(0, "did:plc:x/1")
    village.brings(0, "did:plc:xy/1", author="@other")
    village.brings(0, "did:plc:x/2", OTHER)
    village.deletes(0, "did:plc:x/")
    texts = {s.post.text for s in village.sightings}
    assert texts == {TEXT, ""}
    keys = [row[0] for row in village.store._db.execute("select key from appearances")]
    assert sorted(key.split()[0] for key in keys) == ["did:plc:xy/1", "gone", "gone"]


def test_edited_at_its_only_place_the_post_changes_and_keeps_its_verdict(village: Village) -> None:
    village.brings(0, "a")
    ana, (before,) = village.town.ana, village.sightings
    verdicts.judge(village.store, before.id, Verdict.FITS, ana, village.town.now)
    village.brings(0, "a", OTHER)
    (after,) = village.sightings
    assert (after.id, after.post.text, after.verdict) == (before.id, OTHER, Verdict.FITS)
    assert after.post.edited
    village.brings(1, "b", TEXT)  # the old text is nobody's any more
    assert len(village.sightings) == 2


def test_edited_into_nothing_no_word_of_the_old_text_stays(village: Village) -> None:
    village.brings(0, "a")
    village.brings(0, "b", TEXT + " 😱")
    village.brings(0, "a", CHAT)
    kept = next(s for s in village.sightings if s.post.key == "a")
    assert (kept.post.text, kept.match.marks, kept.match.reasons) == (CHAT, (), ())
    other = next(s for s in village.sightings if s.post.key == "b")
    assert kept.kin == kept.id != other.kin  # a word on the others is no word on this
    assert village.posts == 2


def test_edited_at_one_place_it_is_another_post_and_the_first_stands(village: Village) -> None:
    village.brings(0, "a", author="@eins")
    village.brings(1, "b", author="@zwei")
    village.brings(0, "a", OTHER, author="@eins")
    first, second = village.sightings
    assert [place.key for place in village.places(first)] == ["b"]
    assert first.post.text == TEXT
    assert (second.post.text, [place.key for place in village.places(second)]) == (OTHER, ["a"])
    village.brings(0, "a", CHAT, author="@eins")
    assert village.sightings[1].post.text == CHAT
    village.brings(1, "b", OTHER, author="@zwei")
    assert village.posts == 2


def test_edited_away_where_it_counted_another_place_counts(village: Village) -> None:
    village.brings(0, "a", url="https://blatt.example/a")
    village.brings(1, "b", url="https://blatt.example/a?utm_id=1")
    assert village.posts == 1
    village.brings(0, "a", CHAT, url="https://blatt.example/a")
    (one,) = village.sightings
    assert [(place.key, place.counts) for place in village.places(one)] == [("b", True)]
    assert village.posts == 1


def test_the_same_words_about_another_place_are_another_post(village: Village) -> None:
    village.brings(0, "a", place="Nordstadt")
    village.brings(1, "b", place="Südstadt")
    assert len(village.sightings) == 2


def test_a_suggestion_is_asked_once_and_told_how_often(village: Village) -> None:
    for feed in (0, 1, 2):
        village.brings(feed, "k", PERHAPS)
    (waiting,) = village.store.suggestions.queue(limit=9)
    assert waiting.posts == 3
    suggest.decide(
        village.town.house, waiting.sighting_id, Verdict.FITS, village.town.ana, village.town.now
    )
    assert village.posts == 3
    village.brings(0, "k2", PERHAPS)  # what was said holds for it
    assert village.store.suggestions.queue(limit=9) == []
    assert village.posts == 4


def test_said_to_be_nothing_it_is_not_asked_again(village: Village) -> None:
    village.brings(0, "a", PERHAPS)
    (waiting,) = village.store.suggestions.queue(limit=9)
    suggest.decide(
        village.town.house,
        waiting.sighting_id,
        Verdict.DOES_NOT_FIT,
        village.town.ana,
        village.town.now,
    )
    village.brings(1, "b", PERHAPS)
    assert village.store.suggestions.queue(limit=9) == []


def test_a_rumour_that_is_new_is_found_in_a_text_that_is_old(village: Village) -> None:
    """The same text, and another rumour in the catalogue by now: nothing is swallowed."""
    both = TEXT + " #strom"
    village.brings(0, "a", both)
    with village.store.transaction():
        village.store.rumours.put(rumour(id="strom", text="Der Strom fällt aus."), NOON)
    village.town.index = FakeIndex([rumour(id="strom")])
    village.brings(1, "b", both)
    assert {one.rumour_id for one in village.store.incidents.all_open()} == {"wasser", "strom"}


def test_when_the_story_is_new_again_the_new_incident_has_its_posts(village: Village) -> None:
    village.brings(0, "a")
    old = village.incident
    with village.store.transaction():
        village.store._db.execute(
            "update incidents set state = 'closed', ended_at = ?", [NOON.isoformat()]
        )
    village.town.later(days=40)
    village.brings(1, "b")
    village.brings(2, "c")
    assert village.incident.id != old.id
    assert village.posts == 2
    assert len(village.sightings) == 1


def test_a_hundred_copies_are_one_row(village: Village) -> None:
    copies = tuple(FeedPost(key=f"k{n}", text=TEXT, author=f"@a{n}") for n in range(100))
    with village.store.transaction():
        spool(village.store, village.feeds[0], FeedContent(posts=copies), village.town.now)
    while triage.triage(village.town.house, "monitor", village.town.now):
        pass
    assert len(village.sightings) == 1
    assert village.posts == 100
    count = village.store._db.execute("select count(*) from posts").fetchone()
    assert count == (1,)
    assert village.store.appearances.counts([village.sightings[0].post.id]) == {
        village.sightings[0].post.id: 100
    }


def test_what_is_brought_again_is_no_new_place(village: Village) -> None:
    for _ in range(3):
        village.brings(0, "a")
        village.brings(1, "b")
    with village.store.transaction():  # its hash is forgotten, the post is not
        village.store.posts.forget_seen(village.town.later(days=60))
    village.brings(1, "b")
    village.brings(0, "a")
    (one,) = village.sightings
    assert sorted(place.key for place in village.places(one)) == ["a", "b"]
    assert village.posts == 2


def test_a_feed_that_is_removed_leaves_what_it_brought(village: Village) -> None:
    village.brings(0, "a")
    village.brings(1, "b")
    with village.store.transaction():
        village.store.sources.remove(village.feeds[1].id)
        village.store.sources.remove(village.feeds[2].id)
    assert village.posts == 2
    assert village.store.sources.find(village.feeds[2].id) is None
    counted = village.store.stream.count(village.incident.id, Wanted(source_id=village.feeds[1].id))
    assert counted.posts == 1


def test_a_filter_by_source_finds_what_was_found_there_too(village: Village) -> None:
    village.brings(0, "a")
    village.brings(1, "b")
    village.brings(2, "c", OTHER)
    second = Wanted(source_id=village.feeds[1].id, verdict=EVERY)
    (group,) = village.store.stream.groups(village.incident.id, second)
    assert group.newest == village.sightings[0].id
    facets = village.store.stream.facets(village.incident.id)
    assert sorted(facet.source_id for facet in facets) == [feed.id for feed in village.feeds]


def test_forgotten_with_its_incident_no_place_stays(village: Village) -> None:
    village.brings(0, "a")
    village.brings(1, "b")
    with village.store.transaction():
        village.store._db.execute(
            "update incidents set state = 'closed', ended_at = ?", [NOON.isoformat()]
        )
    village.town.later(days=100)
    tidy.tidy(village.town.house, village.town.now)
    for table in ("posts", "appearances", "wordings"):
        assert village.store._db.execute(f"select count(*) from {table}").fetchone() == (0,), table


def _races(path: str, feed: int, go: multiprocessing.synchronize.Event, done: object) -> None:
    with Store(Path(path)) as store:
        town = Town(store, joined=True)
        listener = store.sources.get(feed)
        go.wait(20)
        for number in range(6):
            said = tuple(FeedPost(key=f"k{number}-{n}", text=TEXT + f" #{number}") for n in "ab")
            listen.keep(town.house, Heard(source_id=listener.id, posts=said), town.now)
            triage.triage(town.house, f"monitor:{os.getpid()}", town.now)
        done.put(feed)  # type: ignore[attr-defined]


def test_two_monitors_at_once_make_one_post(town: Town) -> None:
    spawn = multiprocessing.get_context("spawn")
    with town.store.transaction():
        feeds = [
            town.store.sources.add(source(url=f"wss://j.example/{n}", kind=SourceKind.JETSTREAM))
            for n in (1, 2)
        ]
    go, done = spawn.Event(), spawn.Queue()
    racing = [
        spawn.Process(target=_races, args=(str(town.store.path), feed.id, go, done))
        for feed in feeds
    ]
    for one in racing:
        one.start()
    go.set()
    for one in racing:
        one.join(60)
    assert [one.exitcode for one in racing] == [0, 0]
    while triage.triage(town.house, "monitor", town.now + timedelta(minutes=1)):
        pass
    (incident,) = town.store.incidents.all_open()
    assert town.store.sightings.count_of_incident(incident.id) == 6
    assert town.store.incidents.spread(incident.id, town.now).posts == 24
