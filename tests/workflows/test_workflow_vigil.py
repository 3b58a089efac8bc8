"""People responsible for sources are told what has changed, once, and when all is well again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import person, source
from fakes import feed
from town import Town

from crisis.errors import FetchError
from crisis.sources.silence import is_silent, quiet_after
from crisis.types import Alert, AlertKind, Role, Source
from crisis.workflows import maintenance, vigil, watch

URL = "http://feed.example/rss"


@pytest.fixture
def paper(town: Town) -> Source:
    with town.store.transaction():
        town.store.people.add(person("Vera", Role.ADMIN), town.now)
        return town.store.sources.add(source(url=URL, added=town.now))


def mails(town: Town) -> list[Alert]:
    return [one for one in town.store.alerts.recent() if one.kind is AlertKind.SOURCES][::-1]


def hours_pass(town: Town, hours: int, *, step: int = 1) -> None:
    """The monitor asks what is due and looks after the sources, hour by hour."""
    for _ in range(0, hours, step):
        town.later(hours=step)
        watch.watch(town.house, town.now)
        vigil.look(town.house, town.now)


def test_a_source_that_fails_for_hours_is_told_once_and_so_is_that_it_is_well_again(
    town: Town, paper: Source
) -> None:
    town.fetch.pages = {URL: FetchError("Nicht erreichbar.", "Unreachable.")}
    hours_pass(town, 24)
    (mail,) = mails(town)
    assert mail.to == "vera@stadt.example"
    assert "antwortet nicht" in mail.subject
    assert "Nicht erreichbar." in mail.text
    town.fetch.pages = {URL: feed("wieder da")}
    hours_pass(town, 24)
    assert [one.subject for one in mails(town)][1:] == [
        "Quelle „Stadtgespräch“ ist wieder in Ordnung"
    ]


def test_a_short_trouble_is_nobodys_mail(town: Town, paper: Source) -> None:
    town.fetch.pages = {URL: FetchError("Nicht erreichbar.", "Unreachable.")}
    hours_pass(town, 2)
    town.fetch.pages = {URL: feed("da")}
    hours_pass(town, 24)
    assert mails(town) == []


def test_a_source_silent_beyond_its_setting_is_told_once_and_its_next_post_too(
    town: Town, paper: Source
) -> None:
    with town.store.transaction():
        town.store.sources.update(replace(paper, quiet_hours=6))
    town.fetch.pages = {URL: feed("eins")}
    hours_pass(town, 24)
    assert len(mails(town)) == 1
    assert "ungewöhnlich still" in mails(town)[0].subject
    town.fetch.pages = {URL: feed("eins", "zwei")}
    hours_pass(town, 3)
    assert len(mails(town)) == 2
    assert "wieder in Ordnung" in mails(town)[1].subject


def test_a_source_that_ended_is_never_given_up_silently(town: Town, paper: Source) -> None:
    town.fetch.pages = {URL: FetchError("Eingestellt (410).", "Gone (410).", status=410)}
    hours_pass(town, 6)
    (mail,) = mails(town)
    assert "eingestellt" in mail.subject


def test_many_at_once_are_one_mail_a_person(town: Town, paper: Source) -> None:
    with town.store.transaction():
        for number in range(30):
            town.store.sources.add(source(url=f"{URL}/{number}", name=f"Q{number}", added=town.now))
    hours_pass(town, 8)
    (mail,) = mails(town)
    assert mail.subject == "31 Quellen machen Sorgen"
    assert "Und 11 weitere." in mail.text


def test_two_monitors_tell_it_once(town: Town, paper: Source) -> None:
    town.fetch.pages = {URL: FetchError("Eingestellt (410).", "Gone (410).", status=410)}
    watch.watch(town.house, town.now)
    stale = town.store.sources.get(paper.id)
    assert vigil.look(town.house, town.now) == 1
    news = vigil._news(town.store, stale, town.now)
    assert news is not None
    with town.store.transaction():
        assert not vigil._note(town.store, news, town.now)


def test_maintenance_keeps_the_mail_back_until_it_is_over(town: Town, paper: Source) -> None:
    (vera,) = (one for one in town.store.people.all() if one.name == "Vera")
    maintenance.plan(town.store, town.now, town.now + timedelta(hours=10), "Umzug", vera, town.now)
    town.fetch.pages = {URL: FetchError("Nicht erreichbar.", "Unreachable.")}
    hours_pass(town, 9)
    assert mails(town) == []
    hours_pass(town, 2)
    assert len(mails(town)) == 1


def test_a_paused_source_is_nobodys_worry(town: Town, paper: Source) -> None:
    with town.store.transaction():
        town.store.sources.update(replace(paper, active=False, failing_since=town.now, failures=9))
    hours_pass(town, 24)
    assert mails(town) == []


def test_how_long_a_source_may_be_silent_is_its_own_rhythm(town: Town) -> None:
    made = source(added=town.now, last_success=town.now, last_new_post=town.now)
    hourly = [town.now - timedelta(hours=n) for n in range(60, 0, -1)]
    assert quiet_after(made, hourly) == timedelta(hours=12)
    weekdays = [town.now - timedelta(days=n) for n in (13, 12, 11, 10, 9, 6, 5, 4, 3, 2)]
    assert quiet_after(made, weekdays) == timedelta(days=6)
    assert quiet_after(made, []) == timedelta(days=7)
    assert quiet_after(replace(made, quiet_hours=3), hourly) == timedelta(hours=3)
    assert not is_silent(made, hourly, town.now + timedelta(hours=12))
    assert is_silent(made, hourly, town.now + timedelta(hours=13))
