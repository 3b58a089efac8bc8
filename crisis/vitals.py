"""Is the house itself alive: from a few numbers to findings in plain words, and when to call for help.

Pure. Does not look (``workflows/examine``) and tells nobody (``cli/check``). What counts as bad is what would
keep an alert from reaching anybody; everything else is at most a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

MONITOR_SILENT = timedelta(seconds=60)  # a step takes seconds
STUCK = timedelta(minutes=5)  # mails that are due, posts that wait
LITTLE_SPACE = 200_000_000  # bytes
GRACE = timedelta(minutes=2)  # for which trouble must last before anybody outside is told
MAINTENANCE = "maintenance"  # code of the finding that keeps calls for help back
AGAIN = timedelta(hours=6)  # after which they are told once more


class State(StrEnum):
    """How one thing does."""

    WELL = "well"
    WARNING = "warning"  # somebody should look, some time
    BAD = "bad"  # alerts may not reach anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Vitals:
    """What was found when somebody looked. Times are aware; None where there is nothing."""

    now: datetime
    heartbeat: datetime | None = None  # the monitor's last step
    mail_server: bool = False  # whether one is set up
    oldest_mail: datetime | None = None  # since when the longest waiting mail has been due
    failed_mails: int = 0
    last_sent: datetime | None = None
    reachable: int = 0  # people or addresses who would be told now
    waiting_posts: int = 0
    oldest_post: datetime | None = None  # since when the longest waiting post waits
    sources: int = 0  # active ones
    failing: int = 0
    last_post: datetime | None = None
    self_test: bool = False  # whether a daily one is set up
    test_sent: datetime | None = None
    test_answered: datetime | None = None  # the last one that somebody answered
    answer_within: timedelta = timedelta(hours=1)
    free_bytes: int | None = None
    maintenance: datetime | None = None  # until when one is planned that holds now
    database: str = ""  # why it cannot be used; the rest is then unknown


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing does, in one sentence of each language. ``code`` never changes."""

    code: str
    state: State
    de: str
    en: str

    def say(self, lang: str) -> str:
        """German where ``lang`` is "de", otherwise English."""
        return self.de if lang.startswith("de") else self.en


def examine(found: Vitals) -> tuple[Finding, ...]:
    """Every finding, in the order of the chain from source to person."""
    if found.database:
        return (
            Finding(
                "database",
                State.BAD,
                f"Die Datenbank lässt sich nicht benutzen: {found.database}",
                f"The database cannot be used: {found.database}",
            ),
            *_space(found),
        )
    return (
        *_space(found),
        _monitor(found),
        _sources(found),
        _posts(found),
        _reach(found),
        _outbox(found),
        *_self_test(found),
        *_maintenance(found),
    )


def worst(findings: Sequence[Finding]) -> State:
    """The state of the whole."""
    order = list(State)
    return max((one.state for one in findings), key=order.index, default=State.WELL)


def _space(found: Vitals) -> Iterator[Finding]:
    if found.free_bytes is None:
        return
    mb = found.free_bytes // 1_000_000
    if found.free_bytes < LITTLE_SPACE:
        yield Finding(
            "disk",
            State.BAD,
            f"Auf dem Datenträger sind nur noch {mb} MB frei; voll kann nichts mehr gespeichert werden.",
            f"Only {mb} MB are free on the disk; once it is full nothing can be stored.",
        )
    else:
        yield Finding("disk", State.WELL, f"{mb} MB sind frei.", f"{mb} MB are free.")


def _monitor(found: Vitals) -> Finding:
    if found.heartbeat is None:
        return Finding(
            "monitor",
            State.BAD,
            "Der Beobachter ist noch nie gelaufen. Starten: crisis run, oder crisis watch.",
            "The monitor has never run. To start it: crisis run, or crisis watch.",
        )
    age = found.now - found.heartbeat
    if age > MONITOR_SILENT:
        de, en = spoken(age)
        return Finding(
            "monitor",
            State.BAD,
            f"Der Beobachter steht seit {de}: Es wird nicht beobachtet und nicht alarmiert.",
            f"The monitor has stood still for {en}: nobody watches, nobody is alerted.",
        )
    return Finding("monitor", State.WELL, "Der Beobachter läuft.", "The monitor runs.")


def _sources(found: Vitals) -> Finding:
    if not found.sources:
        return Finding(
            "sources",
            State.WARNING,
            "Es gibt keine Quelle; Klarstellung sieht nichts.",
            "There is no source; Klarstellung sees nothing.",
        )
    if found.failing == found.sources:
        return Finding(
            "sources",
            State.BAD,
            "Keine einzige Quelle antwortet. Besteht eine Verbindung zum Internet?",
            "Not a single source answers. Is there a connection to the internet?",
        )
    if found.failing:
        return Finding(
            "sources",
            State.WARNING,
            f"{found.failing} von {found.sources} Quellen antworten nicht.",
            f"{found.failing} of {found.sources} sources do not answer.",
        )
    return Finding(
        "sources",
        State.WELL,
        f"Quellen: {found.sources}, alle antworten.",
        f"Sources: {found.sources}, all answer.",
    )


def _posts(found: Vitals) -> Finding:
    count = found.waiting_posts
    if found.oldest_post is not None and found.now - found.oldest_post > STUCK:
        de, en = spoken(found.now - found.oldest_post)
        return Finding(
            "posts",
            State.BAD,
            f"{count} Beiträge warten auf den Abgleich, der älteste seit {de}.",
            f"{count} posts wait to be matched, the oldest for {en}.",
        )
    return Finding("posts", State.WELL, "Kein Beitrag wartet lange.", "No post waits for long.")


def _reach(found: Vitals) -> Finding:
    if not found.reachable:
        return Finding(
            "reach",
            State.BAD,
            "Ein Alarm erreichte jetzt niemanden: Niemand hat Bereitschaft, und es gibt keine"
            " Auffangadresse.",
            "An alert would reach nobody now: nobody is on call, and there is no catch-all address.",
        )
    return Finding(
        "reach", State.WELL, "Ein Alarm hätte Empfänger.", "An alert would have recipients."
    )


def _outbox(found: Vitals) -> Finding:
    if found.oldest_mail is not None and found.now - found.oldest_mail > STUCK:
        de, en = spoken(found.now - found.oldest_mail)
        return Finding(
            "outbox",
            State.BAD,
            f"Der Postausgang leert sich nicht: Eine Mail ist seit {de} fällig.",
            f"The outbox does not empty: a mail has been due for {en}.",
        )
    if not found.mail_server:
        return Finding(
            "outbox",
            State.WARNING,
            "Es ist kein Mailserver eingetragen; niemand wird wirklich alarmiert.",
            "No mail server is entered; nobody is really alerted.",
        )
    if found.failed_mails:
        return Finding(
            "outbox",
            State.WARNING,
            f"Gescheiterte Mails im Postausgang: {found.failed_mails}.",
            f"Failed mails in the outbox: {found.failed_mails}.",
        )
    return Finding("outbox", State.WELL, "Der Postausgang leert sich.", "The outbox empties.")


def _self_test(found: Vitals) -> Iterator[Finding]:
    if not found.self_test:
        return
    sent, answered = found.test_sent, found.test_answered
    if sent is None:
        yield Finding(
            "selftest",
            State.WARNING,
            "Der tägliche Selbsttest ist noch nie gelaufen.",
            "The daily self-test has never run.",
        )
    elif answered is not None and answered >= sent:
        yield Finding(
            "selftest",
            State.WELL,
            "Der letzte Selbsttest wurde beantwortet.",
            "The last self-test was answered.",
        )
    elif found.now - sent > found.answer_within:
        de, en = spoken(found.now - sent)
        yield Finding(
            "selftest",
            State.BAD,
            f"Der Selbsttest von vor {de} blieb ohne Antwort: Mails kommen vielleicht nicht an.",
            f"The self-test of {en} ago got no answer: mails may not arrive.",
        )
    else:
        yield Finding(
            "selftest",
            State.WELL,
            "Der Selbsttest ist unterwegs.",
            "The self-test is on its way.",
        )


def _maintenance(found: Vitals) -> Iterator[Finding]:
    if found.maintenance is not None and found.maintenance > found.now:
        de, en = spoken(found.maintenance - found.now)
        yield Finding(
            MAINTENANCE,
            State.WARNING,
            f"Geplante Wartung, sie endet in {de}. So lange wird nicht nach draußen gerufen.",
            f"Planned maintenance, it ends in {en}. Until then nobody outside is called.",
        )


def spoken(span: timedelta) -> tuple[str, str]:
    """A span in words, in both languages: "5 Minuten", "5 minutes"."""
    seconds = max(0, int(span.total_seconds()))
    for size, one, many, single, plural in (
        (86_400, "einem Tag", "Tagen", "a day", "days"),
        (3_600, "einer Stunde", "Stunden", "an hour", "hours"),
        (60, "einer Minute", "Minuten", "a minute", "minutes"),
    ):
        count = seconds // size
        if count == 1:
            return one, single
        if count > 1:
            return f"{count} {many}", f"{count} {plural}"
    return f"{seconds} Sekunden", f"{seconds} seconds"


# --- when to call for help -------------------------------------------------------------------

Call = Literal["", "alarm", "again", "well"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """What whoever is outside has been told. Kept between two looks."""

    bad_since: datetime | None = None
    told: tuple[str, ...] = ()  # codes of what they know is bad
    told_at: datetime | None = None


def call(before: Called, findings: Sequence[Finding], now: datetime) -> tuple[Call, Called]:
    """Whether somebody outside is to be told now, and what they know if that succeeds.

    Nobody is while maintenance holds, which ends by itself. Trouble must last for ``GRACE``; more
    trouble than they know of is told at once, the same again after ``AGAIN``, and its end once.
    """
    if any(one.code == MAINTENANCE for one in findings):
        return "", replace(before, bad_since=None)
    bad = tuple(sorted(one.code for one in findings if one.state is State.BAD))
    if not bad:
        return ("well" if before.told else ""), Called()
    since = before.bad_since
    if since is None or since > now:  # the clock was put back
        since = now
    waiting = replace(before, bad_since=since)
    if now - since < GRACE:
        return "", waiting
    knows = Called(bad_since=since, told=bad, told_at=now)
    if not before.told:
        return "alarm", knows
    if set(bad) - set(before.told):
        return "alarm", replace(knows, told=tuple(sorted({*bad, *before.told})))
    if before.told_at is None or not timedelta(0) <= now - before.told_at < AGAIN:
        return "again", knows
    return "", waiting
