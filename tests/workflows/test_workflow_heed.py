"""Official warnings are context: told once, ended in time, never posts, never silent unread."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import source
from town import Town

from crisis.errors import FetchError, TooLargeError
from crisis.sources import timetable
from crisis.types import Source, SourceKind
from crisis.workflows import heed, subscribe, tidy, vigil, watch

DASH = "https://warnung.bund.de/api31/dashboard/091620000000.json"
DETAIL = "https://warnung.bund.de/api31/warnings/{}.json"


def page(*keys: str, version: str = "1", **data: str) -> bytes:
    """A dashboard with these warnings."""
    said = {"headline": "Kurz", "provider": "MOWAS", "severity": "Minor", **data}
    lines = [
        {"id": key, "payload": {"hash": version, "data": said}, "sent": "2026-11-23T10:00:00Z"}
        for key in keys
    ]
    return json.dumps(lines).encode()


def detail(key: str, event: str = "Hochwasser", **more: Any) -> bytes:
    info = {"language": "DE", "event": event, "severity": "Severe", "senderName": "Leitstelle"}
    head = {"identifier": key, "status": "Actual", "scope": "Public", "msgType": "Alert"}
    return json.dumps({**head, "info": [{**info, **more}]}).encode()


class District:
    """A town that follows NINA for its district."""

    def __init__(self, town: Town) -> None:
        self.town = town
        with town.store.transaction():
            added = town.store.sources.add(source(url=DASH, kind=SourceKind.NINA))
        self.id = added.id

    def says(self, body: bytes | Exception, **details: bytes | Exception) -> None:
        pages = self.town.fetch.pages
        pages[DASH] = body
        pages.update({DETAIL.format(key): one for key, one in details.items()})

    def asks(self) -> int:
        """One question; says how many warnings were new."""
        town = self.town
        town.later(minutes=5)
        outcome = watch.ask(town.fetch, town.house.reader, self.now)
        return watch.keep(town.store, outcome, town.now)

    @property
    def now(self) -> Source:
        return self.town.store.sources.get(self.id)

    def holds(self, at: datetime | None = None) -> list[str]:
        return [one.event for one in self.town.store.warnings.active(at or self.town.now)]


@pytest.fixture
def district(town: Town) -> District:
    return District(town)


def test_a_warning_is_told_once_and_is_no_post(district: District) -> None:
    district.says(page("a"), a=detail("a"))
    assert [district.asks(), district.asks()] == [1, 0]
    assert district.holds() == ["Hochwasser"]
    assert district.town.store.posts.waiting() == 0
    assert district.town.store.fact_checks.waiting() == 0


def test_what_was_read_is_not_asked_for_again_until_it_changes(district: District) -> None:
    asked = district.town.fetch.asked
    district.says(page("a"), a=detail("a"))
    district.asks()
    district.says(page("a", "b"), b=detail("b", "Sturm"))
    district.asks()
    assert (asked.count(DETAIL.format("a")), asked.count(DETAIL.format("b"))) == (1, 1)
    district.says(page("a", "b", version="22"), a=detail("a", "Sturmflut"))
    assert district.asks() == 0, "changed, not new"
    assert sorted(district.holds()) == ["Sturm", "Sturmflut"]


def test_a_dashboard_that_has_not_changed_costs_one_question_and_counts_as_read(
    district: District,
) -> None:
    district.says(page("a"), a=detail("a"))
    district.asks()
    before = len(district.town.fetch.asked)
    district.asks()
    assert len(district.town.fetch.asked) == before + 1
    assert district.now.last_success == district.town.now
    assert district.holds() == ["Hochwasser"]


def test_what_the_dashboard_drops_is_over_and_may_come_again(district: District) -> None:
    district.says(page("a"), a=detail("a"))
    district.asks()
    district.says(page())
    district.asks()
    assert district.holds() == []
    district.says(page("a"))
    district.asks()
    assert district.holds() == ["Hochwasser"]


def test_a_warning_vanishes_when_it_ends_though_nobody_answers_any_more(district: District) -> None:
    end = district.town.now + timedelta(hours=1)
    district.says(page("a"), a=detail("a", expires=end.isoformat()))
    district.asks()
    district.says(FetchError("Weg.", "Gone."))
    district.asks()
    assert district.holds() == ["Hochwasser"], "it holds while it was said to hold"
    assert district.holds(end) == []


def test_a_test_or_exercise_never_shows(district: District) -> None:
    exercise = detail("a").replace(b"Actual", b"Exercise")
    district.says(page("a"), a=exercise)
    assert (district.asks(), district.holds()) == (0, [])


def test_a_warning_that_cannot_be_read_is_told_in_short_and_the_source_counts_as_failing(
    district: District,
) -> None:
    district.says(page("a", "b"), a=detail("a"), b=TooLargeError("Zu groß.", "Too large."))
    district.asks()
    assert sorted(district.holds()) == ["Hochwasser", "Kurz"]
    assert district.now.failures == 1
    assert district.now.last_success is None, "read in part is not read"
    district.says(page("a", "b"), b=detail("b", "Sturm"))
    district.asks()
    assert sorted(district.holds()) == ["Hochwasser", "Sturm"]
    assert (district.now.failures, district.now.last_success) == (0, district.town.now)
    assert district.town.fetch.asked.count(DETAIL.format("a")) == 1


def test_a_page_that_leads_to_no_warnings_at_all_is_none(town: Town) -> None:
    feed = (
        b'<rss version="2.0"><channel><item><link>https://p.example/1</link></item></channel></rss>'
    )
    town.fetch.pages = {"https://p.example/feed": feed, "https://p.example/1": b"<html></html>"}
    wrong = source(url="https://p.example/feed", kind=SourceKind.CAP)
    outcome = watch.ask(town.fetch, town.house.reader, wrong)
    assert outcome.error is not None
    assert "CAP" in outcome.error.de


def test_hundreds_of_warnings_come_in_portions_at_once_one_after_the_other(
    district: District,
) -> None:
    keys = [f"k{number}" for number in range(heed.MOST_AT_ONCE + 5)]
    district.says(page(*keys), **{key: detail(key) for key in keys})
    district.asks()
    assert district.now.next_due == district.town.now, "there is more where this came from"
    assert len(district.holds()) == len(keys), "the rest is told in short until then"
    district.asks()
    assert set(district.holds()) == {"Hochwasser"}
    assert all(district.town.fetch.asked.count(DETAIL.format(key)) == 1 for key in keys)


# --- lists of CAP: nothing says that they are whole -----------------------------------------


LIST = "https://w.example/list"


def cap(key: str, kind: str = "Alert", references: str = "", expires: str = "") -> bytes:
    told = f"<references>{references}</references>" if references else ""
    until = f"<expires>{expires}</expires>" if expires else ""
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>{key}</identifier>'
        f"<sender>s</sender><sent>2026-11-23T11:30:00Z</sent><status>Actual</status>"
        f"<msgType>{kind}</msgType><scope>Public</scope>{told}<info><language>de</language>"
        f"<event>Sturm {key}</event><severity>Severe</severity>{until}</info></alert>"
    ).encode()


@pytest.fixture
def office(town: Town) -> Town:
    with town.store.transaction():
        town.store.sources.add(source(url=LIST, kind=SourceKind.CAP))
    return town


def lists(town: Town, **messages: bytes) -> list[str]:
    """The office lists these, the town asks; what holds then."""
    entries = "".join(
        f'<entry><id>{key}</id><link href="https://w.example/{key}"/></entry>' for key in messages
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom">{entries}</feed>'
    town.fetch.pages[LIST] = feed.encode()
    town.fetch.pages |= {f"https://w.example/{key}": body for key, body in messages.items()}
    town.later(minutes=5)
    (asked,) = town.store.sources.all()
    watch.keep(town.store, watch.ask(town.fetch, town.house.reader, asked), town.now)
    return sorted(one.event for one in town.store.warnings.active(town.now))


def test_an_update_takes_the_place_of_what_it_refers_to(office: Town) -> None:
    assert lists(office, A=cap("A")) == ["Sturm A"]
    assert lists(office, A=cap("A"), B=cap("B", "Update", "s,A,t")) == ["Sturm B"]


def test_a_cancel_ends_a_warning_even_where_it_came_first(office: Town) -> None:
    assert lists(office, C=cap("C", "Cancel", "s,A,t")) == []
    assert lists(office, C=cap("C", "Cancel", "s,A,t"), A=cap("A")) == []


def test_what_a_short_list_drops_holds_until_it_ends(office: Town) -> None:
    lists(office, A=cap("A", expires="2026-11-23T14:00:00Z"))
    assert lists(office) == ["Sturm A"]
    office.later(hours=2)
    assert lists(office) == []


def test_a_warning_without_end_in_such_a_list_holds_for_a_day(office: Town) -> None:
    lists(office, A=cap("A"))
    office.later(hours=23)
    assert lists(office) == ["Sturm A"]
    office.later(hours=1)
    assert lists(office) == []


# --- the watcher -----------------------------------------------------------------------------


def test_long_peace_is_no_silence_and_slackens_nothing(district: District) -> None:
    district.says(page())
    for _ in range(3):
        district.asks()
        district.town.later(days=20)
    assert vigil.state(district.town.store, district.now, district.town.now) == ""
    assert timetable.pace(district.now) == district.now.interval


def test_a_source_of_warnings_that_fails_is_asked_again_soon(district: District) -> None:
    district.says(FetchError("Weg.", "Gone."))
    for _ in range(12):
        district.asks()
    due = district.now.next_due
    assert due is not None
    assert due - district.town.now <= timedelta(seconds=timetable.LONGEST_BLIND)


def test_a_paused_or_removed_source_warns_no_more(district: District, town: Town) -> None:

    district.says(page("a"), a=detail("a"))
    district.asks()
    subscribe.pause(town.store, district.id, None, town.now)
    assert district.holds() == []
    subscribe.resume(town.store, district.id, None, town.now)
    assert district.holds() == ["Hochwasser"]
    subscribe.remove(town.store, district.id, None, town.now)
    assert district.holds() == []


def test_what_is_long_over_is_forgotten(district: District) -> None:
    district.says(page("a"), a=detail("a"))
    district.asks()
    district.says(page())
    district.asks()
    district.town.later(days=8)
    tidy.tidy(district.town.house, district.town.now)
    district.says(page("a"))
    assert district.asks() == 1, "forgotten, so it is new"


def test_who_tries_a_source_hears_what_could_not_be_read(district: District) -> None:
    district.says(page("a", "b"), a=detail("a"))
    content = subscribe.look(district.town.house, district.now)
    part = heed.incomplete(content)
    assert part is not None
    assert "1" in part.de
    assert heed.incomplete(None) is None
