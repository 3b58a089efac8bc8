"""What whoever comes on call must know, in their language: open, promised, waiting, wrong, notes.

Pure. Does not say when a shift changes (``workflows.change_shift``) and lays nothing out: the same parts
become a mail and a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from crisis.reports.phrases import SEVERITIES, STATES, Tongue
from crisis.types import (
    Alert,
    AlertState,
    Handover,
    Incident,
    Person,
    PublicationState,
    Response,
    Ring,
    Severity,
    Spread,
    Stuck,
    UpdatePlan,
    UpdateState,
)

MOST = 20  # points of a part; the rest is counted
_LONGEST = 140  # characters of a rumour's or an answer's title


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """One open incident, who has it, and what was given on and not accepted yet."""

    incident: Incident
    title: str
    spread: Spread | None = None  # counted for those that are listed
    holder: str = ""
    given_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All there is to hand over, as it stands ``now``."""

    now: datetime
    zone: tzinfo
    begun: datetime  # of the shift that ends
    incidents: Sequence[Open] = ()
    promises: Sequence[tuple[UpdatePlan, str]] = ()  # and the answer's title
    to_release: Sequence[tuple[Response, str]] = ()  # waits for a second person
    to_review: Sequence[tuple[Response, str]] = ()  # was let out by one person alone
    mails: Sequence[tuple[Alert, str]] = ()  # failed or late, and to whom
    rings: Sequence[tuple[Ring, str, str]] = ()  # failed by other ways: by which, and to whom
    stuck: Sequence[tuple[Stuck, str, tuple[str, str]]] = ()  # title, and the channel's two names
    gaps: Sequence[tuple[datetime, datetime]] = ()  # nobody was on call
    mail_down: datetime | None = None  # since when the mail server takes nothing
    failing: Sequence[str] = ()  # sources that do not answer
    notes: Sequence[tuple[Handover, Person | None]] = ()

    @property
    def busy(self) -> bool:
        """Whether there is anything to hand over."""
        return any(
            (
                *(self.incidents, self.promises, self.to_release, self.to_review),
                *(
                    self.mails,
                    self.rings,
                    self.stuck,
                    self.gaps,
                    self.mail_down,
                    self.failing,
                    self.notes,
                ),
            )
        )


Part = dict[str, Any]  # "title" and "points", each point with "text" and "what"


def parts(found: Facts, lang: str) -> list[Part]:
    """What there is, most pressing first; parts without anything are left out."""
    say = Tongue(lang, found.zone)
    made = (
        (say("Offen", "Open"), _open(found, say)),
        (say("Der Öffentlichkeit versprochen", "Promised to the public"), _promised(found, say)),
        (say("Wartet auf jemanden", "Waits for somebody"), _waiting(found, say)),
        (say("Gescheitert oder zu spät", "Failed or late"), _wrong(found, say)),
        (say("Notizen der Schicht davor", "Notes of the shift before"), _notes(found, say)),
    )
    return [{"title": title, "points": _cut(points, say)} for title, points in made if points]


def summary(found: Facts, lang: str) -> str:
    """In half a sentence, for a subject line: "3 offen, 1 dringend, nächste Meldung 21:00 Uhr"."""
    say = Tongue(lang, found.zone)
    said = []
    if found.incidents:
        urgent = sum(one.incident.severity is Severity.URGENT for one in found.incidents)
        said.append(f"{len(found.incidents)} {say('offen', 'open')}")
        if urgent:
            said.append(f"{urgent} {say('dringend', 'urgent')}")
    due = next_update(found)
    if due is not None:
        at = say.moment(due, beside=found.now)
        said.append(say(f"nächste Meldung {at}", f"next update {at}"))
    if said:
        return ", ".join(said)
    return say("etwas zu beachten", "something to note") if found.busy else calm(lang)


def calm(lang: str) -> str:
    """That there is nothing."""
    return "nichts offen" if lang.startswith("de") else "nothing is open"


def next_update(found: Facts) -> datetime | None:
    """When the public hears next, by what was promised."""
    running = [
        plan.due
        for plan, _ in found.promises
        if plan.due is not None and plan.state is UpdateState.RUNNING
    ]
    return min(running, default=None)


# --- the parts -------------------------------------------------------------------------------


def _point(text: str, what: str = "") -> dict[str, str]:
    return {"text": text, "what": what}


def _open(found: Facts, say: Tongue) -> list[dict[str, str]]:
    points = []
    for one in found.incidents:
        incident = one.incident
        has = (
            say(f"hat {one.holder}", f"{one.holder} has it")
            if one.holder
            else say("hat noch niemand", "nobody has it yet")
        )
        if one.given_to:
            has += say(
                f", an {one.given_to} übergeben, noch nicht angenommen",
                f", given to {one.given_to}, not accepted yet",
            )
        told = f"{say.pick(SEVERITIES[incident.severity])}, {say.pick(STATES[incident.state])};"
        if one.spread is not None:
            posts = say.many(one.spread.posts, ("Beitrag", "Beiträge"), ("post", "posts"))
            lately = f"{say.number(one.spread.last_hour)} {say('in der letzten Stunde', 'in the last hour')}"
            told += f" {posts}, {lately};"
        points.append(_point(f"{_short(one.title)}: {told} {has}", f"incident:{incident.id}"))
    return points


def _promised(found: Facts, say: Tongue) -> list[dict[str, str]]:
    points = []
    for plan, title in found.promises:
        often = _often(plan.every, say)
        until = (
            ""
            if plan.until is None
            else say(
                f" bis {say.moment(plan.until, beside=found.now)}",
                f" until {say.moment(plan.until, beside=found.now)}",
            )
        )
        if plan.state is UpdateState.PAUSED or plan.due is None:
            told = say("angehalten, niemand wird erinnert", "paused, nobody is reminded")
        elif plan.due < found.now:
            at = say.moment(plan.due, beside=found.now)
            told = say(f"war fällig um {at}", f"was due at {at}")
        else:
            at = say.moment(plan.due, beside=found.now)
            told = say(f"nächste Meldung {at}", f"next update {at}")
        missed = (
            say(f", {plan.missed} in Folge ausgelassen", f", {plan.missed} missed in a row")
            if plan.missed
            else ""
        )
        points.append(
            _point(f"{_short(title)}: {told}{missed}{often}{until}", f"response:{plan.response_id}")
        )
    return points


def _often(minutes: int, say: Tongue) -> str:
    if not minutes:
        return ""
    length = say.length(timedelta(minutes=minutes))
    return say(f"; dann alle {length}", f"; then every {length}")


def _waiting(found: Facts, say: Tongue) -> list[dict[str, str]]:
    points = [
        _point(
            say(f"Wartet auf Freigabe: {_short(title)}", f"Waits for release: {_short(title)}"),
            f"response:{answer.id}",
        )
        for answer, title in found.to_release
    ]
    for answer, title in found.to_review:
        at = say.moment(answer.review_by, beside=found.now)
        points.append(
            _point(
                say(
                    f"Allein freigegeben, nachsehen bis {at}: {_short(title)}",
                    f"Released by one person, look until {at}: {_short(title)}",
                ),
                f"response:{answer.id}",
            )
        )
    return points


def _wrong(found: Facts, say: Tongue) -> list[dict[str, str]]:
    points = []
    if found.mail_down is not None:
        at = say.moment(found.mail_down, beside=found.now)
        points.append(
            _point(
                say(
                    f"Der Mailserver nimmt seit {at} nichts an.",
                    f"The mail server has taken nothing since {at}.",
                )
            )
        )
    for start, end in found.gaps:
        span = f"{say.moment(start, beside=found.now)} – {say.moment(end, beside=found.now)}"
        points.append(
            _point(say(f"Niemand hatte Bereitschaft: {span}", f"Nobody was on call: {span}"))
        )
    points += [_mail(alert, name, found, say) for alert, name in found.mails]
    for ring, way, name in found.rings:
        what = f"incident:{ring.incident_id}" if ring.incident_id is not None else ""
        said = say(ring.problem_de, ring.problem_en)
        points.append(
            _point(
                say(f"{way} an {name} gescheitert: {said}", f"{way} to {name} failed: {said}"), what
            )
        )
    for one, title, channel in found.stuck:
        state = {
            PublicationState.FAILED: say("nicht veröffentlicht", "not published"),
            PublicationState.TODO: say("noch von Hand zu tun", "still to be done by hand"),
        }.get(one.state, say("wird noch versucht", "is still being tried"))
        points.append(
            _point(f"{say.pick(channel)}, {state}: {_short(title)}", f"response:{one.response_id}")
        )
    if found.failing:
        names = say.all_of([_short(name) for name in found.failing[:5]])
        count = len(found.failing)
        points.append(
            _point(
                say(
                    f"{count} Quellen antworten nicht: {names}"
                    if count > 1
                    else f"Eine Quelle antwortet nicht: {names}",
                    f"{count} sources do not answer: {names}"
                    if count > 1
                    else f"A source does not answer: {names}",
                )
            )
        )
    return points


def _mail(alert: Alert, name: str, found: Facts, say: Tongue) -> dict[str, str]:
    what = f"incident:{alert.incident_id}" if alert.incident_id is not None else ""
    if alert.state is AlertState.FAILED:
        told = say(f"Mail an {name} gescheitert", f"Mail to {name} failed")
    else:
        at, wanted = (
            say.moment(alert.sent_at, beside=found.now),
            say.moment(alert.created, beside=found.now),
        )
        told = say(
            f"Mail an {name} erst um {at} hinaus statt um {wanted}",
            f"Mail to {name} left at {at} only instead of {wanted}",
        )
    return _point(f"{told}: {_short(alert.subject)}", what)


def _notes(found: Facts, say: Tongue) -> list[dict[str, str]]:
    points = []
    for note, by in found.notes:
        at = say.moment(note.written, beside=found.now)
        name = by.name if by is not None else "–"
        lines = [line.strip().lstrip("-*• ").strip() for line in note.text.splitlines()]
        text = " · ".join(line for line in lines if line)
        points.append(_point(f"{name}, {at}: {_short(text, 1_000)}", f"handover:{note.id}"))
    return points


def _cut(points: list[dict[str, str]], say: Tongue) -> list[dict[str, str]]:
    rest = len(points) - MOST
    if rest <= 0:
        return points
    more = say(f"und {rest} weitere am Arbeitsplatz", f"and {rest} more on the desk")
    return [*points[:MOST], _point(more)]


def _short(text: str, longest: int = _LONGEST) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
