"""The sections of a report that are about one incident: its rumour, how it spread, what was done when.

Pure, as ``compose``, which puts them among the others. Names nobody who wrote a post.
"""

from __future__ import annotations

from datetime import timedelta

from crisis.reports import phrases
from crisis.reports.document import Bars, Block, Bullets, Pairs, Section, Text
from crisis.reports.phrases import Tongue
from crisis.reports.situation import Case, Situation

_LONGEST = 220  # characters of a rumour in a table


def lead(case: Case, found: Situation, say: Tongue) -> list[str]:
    """The incident in three sentences."""
    one = case.incident
    level = say.pick(phrases.SEVERITIES[one.severity])
    state = say.pick(phrases.STATES[one.state])
    counted = say.many(case.spread.posts, ("Beitrag", "Beiträge"), ("post", "posts"))
    where = say.many(case.spread.sources, ("Quelle", "Quellen"), ("source", "sources"))
    hour = say.number(case.spread.last_hour)
    out = [answer for answer in case.answers if answer.released_at is not None]
    if out:
        first = min(answer.released_at for answer in out if answer.released_at is not None)
        said = say(
            f"Die erste Antwort ging {say.moment(first)} hinaus.",
            f"The first answer went out {say.moment(first)}.",
        )
    else:
        said = say(
            f"Noch ist nichts veröffentlicht, seit {say.length(found.now - one.opened)}".rstrip(".")
            + ".",
            f"Nothing has been published, for {say.length(found.now - one.opened)}.",
        )
    return [
        say(f"Dringlichkeit {level}, {state}.", f"Severity {level}, {state}."),
        say(
            f"{counted} in {where}, {hour} davon in der letzten Stunde.",
            f"{counted} in {where}, {hour} of them in the last hour.",
        ),
        said,
    ]


def rumour(case: Case, say: Tongue) -> Section:
    """What is claimed, and what is true."""
    title = say("Das Gerücht und was wir wissen", "The rumour, and what we know")
    blocks = facts_of(case, say)
    if case.rumour is not None and not case.rumour.facts:
        blocks.append(Text(say("Fakten sind noch nicht hinterlegt.", "No facts are on file yet.")))
    return Section(title, blocks or [Text(say("Nicht mehr im Katalog.", "Not on file any more."))])


def spread(case: Case, found: Situation, say: Tongue) -> Section | None:
    """Posts by the hour; None where none came."""
    if not any(case.speed):
        return None
    hours = len(case.speed)
    most = max(case.speed)
    busiest = found.now - timedelta(hours=hours - 1 - list(case.speed).index(most))
    title = say(f"Beiträge je Stunde, letzte {hours} Stunden", f"Posts an hour, last {hours} hours")
    summary = say(
        f"Am meisten gegen {say.moment(busiest, beside=found.now)}: {say.number(most)}.",
        f"Most around {say.moment(busiest, beside=found.now)}: {say.number(most)}.",
    )
    points = [
        ((found.now - timedelta(hours=hours - 1 - n)).astimezone(found.zone).strftime("%H"), count)
        for n, count in enumerate(case.speed)
    ]
    return Section(say("Verbreitung", "Spread"), [Bars(title, summary, points)])


def course(case: Case, found: Situation, say: Tongue) -> Section:
    """When each step was reached, and after how long."""
    one, begin = case.incident, case.first_post or case.incident.opened
    out = sorted(a.released_at for a in case.answers if a.released_at is not None)
    handed = [a.submitted_at for a in case.answers if a.submitted_at is not None]
    reached = [
        (say("Erster Beitrag", "First post"), case.first_post),
        (say("Vorfall erkannt", "Incident detected"), one.opened),
        (say("Übernommen", "Taken"), one.acknowledged_at),
        (say("Antwort zur Freigabe gegeben", "Answer handed in"), min(handed, default=None)),
        (say("Erste Antwort öffentlich", "First answer public"), out[0] if out else None),
        *((f"{say('Auf', 'On')}: {say.pick(name)}", at) for name, at in case.channels),
        (say("Beendet", "Ended"), one.ended_at),
    ]
    rows = [
        (
            name,
            f"{say.moment(at, beside=found.now)} ({say('nach', 'after')} {say.length(at - begin)})",
        )
        if at > begin
        else (name, say.moment(at, beside=found.now))
        for name, at in reached
        if at is not None
    ]
    if case.assignee:
        rows.append((say("Zuständig", "In charge"), case.assignee))
    if one.end_reason:
        rows.append((say("Grund", "Reason"), one.end_reason))
    if case.notes:
        count = say.many(case.notes, ("Notiz", "Notizen"), ("note", "notes"))
        rows.append((say("Am Arbeitsplatz", "On the desk"), count))
    return Section(say("Verlauf", "Course"), [Pairs(rows)])


def name(case: Case) -> str:
    """What the rumour is called, short enough for a table."""
    if case.rumour is None:
        return case.incident.rumour_id
    text = case.rumour.title or case.rumour.text
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def facts_of(case: Case, say: Tongue) -> list[Block]:
    """What is claimed, and the facts on file."""
    if case.rumour is None:
        return []
    blocks: list[Block] = [
        Text(
            f"{say('Behauptet wird', 'The claim')}: „{case.rumour.text}“ "
            f"({say.pick(phrases.STATUSES[case.rumour.status])})"
            if say.lang == "de"
            else f"The claim: “{case.rumour.text}” ({say.pick(phrases.STATUSES[case.rumour.status])})"
        )
    ]
    facts = [
        fact.text + (f" ({fact.source})" if fact.source else "") for fact in case.rumour.facts[:5]
    ]
    if facts:
        blocks.append(Bullets(facts))
    return blocks
