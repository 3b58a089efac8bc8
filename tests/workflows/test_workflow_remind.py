"""Mails before a playbook ends or should be read again: to whom, when, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import PLAYBOOK, playbook
from town import Town

from crisis.interfaces import House
from crisis.store import Store
from crisis.types import AlertKind
from crisis.workflows import approve, remind

ENDS = playbook(
    PLAYBOOK.replace("gueltig_bis: 2027-12-31", "gueltig_bis: 2026-12-23").replace(
        "verantwortlich: Pressestelle", "verantwortlich: ben@stadt.example"
    )
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Store(tmp_path / "crisis.db") as store:
        made = Town(store)
        made.shelf.files["trinkwasser"] = ENDS
        approve.approve(store, ENDS, made.chloe, made.now)
        yield made


def at(town: Town, day: int, month: int = 11, hour: int = 9, minute: int = 0) -> int:
    """What is mailed then (UTC)."""
    town.now = datetime(2026, month, day, hour, minute, tzinfo=UTC)
    return remind.remind(town.house, town.now)


def mails(town: Town) -> list[str]:
    found = [m for m in town.store.alerts.recent() if m.kind is AlertKind.REMINDER]
    return sorted(m.to.partition("@")[0] for m in found)


def test_owner_and_approvers_are_reminded_thirty_seven_and_one_day_before(town: Town) -> None:
    told = [(day, month) for day, month in DAYS if at(town, day, month)]
    assert told == [(23, 11), (16, 12), (22, 12), (24, 12)]
    assert mails(town) == ["ben"] * 4 + ["chloe"] * 4
    text = " ".join(town.store.alerts.recent()[0].text.split())
    assert "Das Trinkwasser ist in Ordnung" in text
    assert "abgelaufen seit 23.12.2026" in text


DAYS = [(day, 11) for day in range(20, 31)] + [(day, 12) for day in range(1, 32)]


def test_nobody_is_reminded_twice_of_the_same_whoever_dies(town: Town, tmp_path: Path) -> None:
    assert at(town, 23) == 2
    assert at(town, 23, hour=10) == 0
    with Store(tmp_path / "crisis.db") as other:  # another process, later
        again = Town(other, shelf=town.shelf, now=town.now, joined=True)
        assert remind.remind(again.house, again.now) == 0
    assert len(mails(town)) == 2


def test_dying_in_the_middle_mails_neither_twice_nor_never(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, calls = type(town.store.alerts).put, []

    def dies(rows: object, alert: object) -> object:
        calls.append(alert)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return put(rows, alert)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(town.store.alerts), "put", dies)
        with pytest.raises(RuntimeError):
            at(town, 23)
    assert mails(town) == []
    assert at(town, 23, minute=10) == 2


def test_the_morning_is_the_authoritys_own(town: Town) -> None:
    assert at(town, 23, hour=6, minute=59) == 0  # 7:59 in Berlin
    assert at(town, 23, hour=7, minute=0) == 2


def test_the_day_is_the_authoritys_own(town: Town) -> None:
    # Late on the 22nd in UTC it is the 23rd in Tokyo, nine in the morning.
    from zoneinfo import ZoneInfo

    now = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    tokyo = with_terms(town, timezone=ZoneInfo("Asia/Tokyo"))
    assert remind.remind(tokyo, now) == 2
    assert remind.remind(town.house, now) == 0


def with_terms(town: Town, **changes: object) -> House:
    return replace(town.house, terms=replace(town.house.terms, **changes))  # type: ignore[arg-type]


def test_whoever_wrote_it_last_is_told_and_who_left_is_not(town: Town) -> None:
    book = playbook(ENDS.text.replace("ben@stadt.example", "Pressestelle"))
    written = approve.write(
        town.store, town.shelf, "trinkwasser", book.text, town.ben, town.now, expected_sha256=None
    )
    approve.approve(town.store, written, town.chloe, town.now)
    assert at(town, 23) == 2
    assert mails(town) == ["ben", "chloe"]
    with town.store.transaction():
        town.store.people.update(replace(town.ben, active=False))
    assert at(town, 16, 12) == 1


def test_an_owner_by_name_is_told(town: Town) -> None:
    town.shelf.files["trinkwasser"] = named = playbook(
        ENDS.text.replace("ben@stadt.example", "Ana")
    )
    approve.approve(town.store, named, town.chloe, town.now)
    at(town, 23)
    assert mails(town) == ["ana", "chloe"]


def test_a_draft_ends_nothing_and_a_setting_switches_it_off(town: Town) -> None:
    never = with_terms(town, remind_days=())
    assert remind.remind(never, datetime(2026, 11, 23, 9, tzinfo=UTC)) == 0
    approval = town.store.playbooks.approvals()[0]
    approve.revoke(town.store, approval.id, town.chloe, town.now, reason="Veraltet")
    assert at(town, 23) == 0


def test_many_come_in_one_mail_a_person(town: Town) -> None:
    for number in range(50):
        book = replace(ENDS, name=f"lage-{number}")
        town.shelf.files[book.name] = book
        approve.approve(town.store, book, town.chloe, town.now)
    assert at(town, 23) == 2
    mail = next(m for m in town.store.alerts.recent() if m.to.startswith("chloe"))
    assert "51 Vorlagen brauchen Sie" in mail.subject
    assert "und 11 weitere" in mail.text
    assert len(mail.subject) < 120


def test_english_people_read_english(town: Town) -> None:
    with town.store.transaction():
        town.store.people.update(replace(town.chloe, lang="en"))
    book = playbook(
        ENDS.text.replace(
            "gueltig_bis: 2026-12-23", "gueltig_bis: 2026-11-23\npruefen_bis: 2026-11-24"
        )
    )
    town.shelf.files["trinkwasser"] = book
    approve.approve(town.store, book, town.chloe, town.now)
    at(town, 23)
    mail = next(m for m in town.store.alerts.recent() if m.to.startswith("chloe"))
    text = " ".join(mail.text.split())
    assert "expires today (23 November 2026)" in text
    assert "to be read again by 24 November 2026" in text


def test_the_log_says_so_once(town: Town) -> None:
    actions = [e.action for e in town.store.audit.of_object("playbook:trinkwasser")]
    assert "playbook.reminded" not in actions
    at(town, 23)
    actions = [e.action for e in town.store.audit.of_object("playbook:trinkwasser")]
    assert actions.count("playbook.reminded") == 1
