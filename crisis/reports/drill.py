"""The report of a drill: what was expected by when, who reacted when, what was missed, beside the last one.

Pure. The same document becomes a page, a PDF and Markdown. It measures the chain, not people: whoever reads
it outside the house reads initials, as ``names`` decides before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from crisis.drills.expected import ACTIONS, Seen
from crisis.drills.outcome import Beside, Outcome, beside
from crisis.reports.document import Block, Bullets, Document, Grid, Pairs, Section, Text
from crisis.reports.phrases import Tongue
from crisis.types import DrillKind, DrillPlan, DrillState

KINDS = {
    DrillKind.NOW: ("sofort begonnen", "begun at once"),
    DrillKind.PLANNED: ("angekündigt", "announced"),
    DrillKind.SURPRISE: ("überraschend", "a surprise"),
}
STATES = {
    DrillState.WAITING: ("geplant", "planned"),
    DrillState.RUNNING: ("läuft", "running"),
    DrillState.DONE: ("beendet", "over"),
    DrillState.BROKEN_OFF: ("abgebrochen", "broken off"),
    DrillState.CALLED_OFF: ("abgesagt", "called off"),
    DrillState.MISSED: ("ausgefallen", "did not take place"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Practised:
    """One drill with what came of it, and the last one it is compared with."""

    plan: DrillPlan
    outcome: Outcome
    last: DrillPlan | None = None
    last_outcome: Outcome | None = None
    names: Mapping[int, str]  # of people, or their initials
    authority: str
    zone: tzinfo
    now: datetime

    @property
    def pairs(self) -> list[Beside]:
        return beside(self.outcome, self.last_outcome)

    def who(self, person_id: int | None) -> str:
        return "–" if person_id is None else self.names.get(person_id, "?")


def of_drill(found: Practised, lang: str) -> Document:
    """The report of one drill."""
    say = Tongue(lang, found.zone)
    plan = found.plan
    sections = [
        _expected(found, say),
        _missed(found, say),
        _called(found, say),
        _about(found, say),
    ]
    return Document(
        lang=say.lang,
        title=say("Übungsbericht: ", "Report of a drill: ") + plan.called(say.lang),
        subtitle=say.moment(plan.due),
        authority=found.authority,
        made=say("Erstellt am ", "Made on ") + say.moment(found.now),
        lead=lead(found, say),
        sections=[section for section in sections if section is not None],
        banner=say("ÜBUNG – nichts davon war echt", "EXERCISE – none of this was real"),
        small_print=say(
            "Zeiten in Minuten seit Beginn, in der Zeitzone der Behörde. Der Bericht misst den Ablauf, nicht"
            " einzelne Menschen.",
            "Times in minutes from the beginning, in the authority's time zone. The report measures the"
            " course, not single people.",
        ),
    )


def lead(found: Practised, say: Tongue) -> list[str]:
    """How it went, in three sentences."""
    plan, out = found.plan, found.outcome
    said = [_how(found, say)]
    count = len(out.seen)
    late = sum(one.late > 0 for one in out.seen)
    missed = len(out.missed)
    parts = [say(f"{out.in_time} von {count} rechtzeitig", f"{out.in_time} of {count} in time")]
    if late:
        parts.append(say(f"{late} zu spät", f"{late} too late"))
    if missed:
        parts.append(say(f"{missed} gar nicht", f"{missed} not at all"))
    said.append(say("Erwartetes: ", "Expected actions: ") + say.all_of(parts) + ".")
    if found.last_outcome is None:
        said.append(
            say(
                "Es ist die erste Übung dieser Art; verglichen wird ab der nächsten.",
                "It is the first drill of its kind; comparison begins with the next.",
            )
        )
    elif found.last is not None:
        faster = sum(_faster(pair) > 0 for pair in found.pairs)
        slower = sum(_faster(pair) < 0 for pair in found.pairs)
        last = say.day(found.last.due)
        said.append(
            say(
                f"Gegenüber der letzten vom {last}: {faster} schneller, {slower} langsamer.",
                f"Beside the last one of {last}: {faster} faster, {slower} slower.",
            )
        )
    if plan.state is DrillState.BROKEN_OFF:
        said.append(
            say(
                "Sie wurde abgebrochen und zählt nicht als Übung.",
                "It was broken off and does not count as a drill.",
            )
        )
    return said


def _how(found: Practised, say: Tongue) -> str:
    plan = found.plan
    ended = plan.ended or found.now
    length = say.length(ended - plan.due)
    state, kind = say.pick(STATES[plan.state]), say.pick(KINDS[plan.kind])
    return say(
        f"Übung „{plan.called(say.lang)}“, {kind}, {state} nach {length}.",
        f"Exercise “{plan.called(say.lang)}”, {kind}, {state} after {length}.",
    ).replace("..", ".")


def _faster(pair: Beside) -> float:
    """Minutes by which it was done sooner than the last time; not done counts as slower than any time."""
    now, then = pair.now.minute, pair.then.minute if pair.then else None
    if pair.then is None or (now is None and then is None):
        return 0.0
    if now is None or then is None:
        return 1.0 if then is None else -1.0
    return then - now


def _expected(found: Practised, say: Tongue) -> Section:
    title = say("Was erwartet war", "What was expected")
    head = [
        *(say("Erwartet", "Expected"), say("bis", "by"), say("geschehen", "done")),
        *(say("durch", "by whom"), say("Urteil", "Verdict")),
    ]
    if found.last is not None:
        head.append(say(f"am {say.day(found.last.due)}", f"on {say.day(found.last.due)}"))
    rows = []
    for pair in found.pairs:
        one = pair.now
        row = [
            say.pick(ACTIONS[one.expected.action]),
            minutes(one.expected.minute, say),
            minutes(one.minute, say),
            found.who(one.person_id),
            verdict(one, found.plan, say),
        ]
        if found.last is not None:
            row.append(minutes(pair.then.minute, say) if pair.then else "–")
        rows.append(row)
    return Section(title, [Grid(title, head, rows)])


def _missed(found: Practised, say: Tongue) -> Section | None:
    """What did not happen, or too late, with what the scenario meant by it."""
    weak = [one for one in found.outcome.seen if one.late or not one.done]
    if not weak:
        return None
    points = []
    for one in weak:
        text = f"{say.pick(ACTIONS[one.expected.action])}: {verdict(one, found.plan, say)}"
        points.append(f"{text}. {one.expected.note}".strip() if one.expected.note else f"{text}.")
    title = say("Was fehlte oder zu spät kam", "What was missing or late")
    return Section(title, [Bullets(points)], tone="attention")


def _called(found: Practised, say: Tongue) -> Section:
    title = say("Wer wann reagiert hat", "Who reacted when")
    if not found.outcome.called:
        said = say("Es ging keine Mail hinaus.", "No mail went out.")
        return Section(title, [Text(said)], tone="attention")
    head = [
        *(say("Person", "Person"), say("Mails", "Mails"), say("erste Mail", "first mail")),
        *(say("erstes Handeln", "first action"), say("dazwischen", "in between")),
    ]
    rows = [
        [
            found.who(one.person_id),
            say.number(one.mails),
            minutes(one.told, say),
            minutes(one.acted, say),
            say("keine Reaktion", "no reaction")
            if one.acted is None
            else minutes(max(0.0, one.acted - one.told), say),
        ]
        for one in found.outcome.called
    ]
    return Section(title, [Grid(title, head, rows)])


def _about(found: Practised, say: Tongue) -> Section:
    plan = found.plan
    rows = [
        (say("Drehbuch", "Scenario"), plan.scenario),
        (say("Art", "Kind"), say.pick(KINDS[plan.kind])),
        (say("Beginn", "Began"), say.moment(plan.due)),
        (say("Ende", "Ended"), say.moment(plan.ended)),
        (say("Leitung", "Led by"), found.who(plan.leader)),
        (say("Beiträge zum Gerücht", "Posts with the rumour"), say.number(found.outcome.posts)),
    ]
    if plan.reason:
        de, _, en = plan.reason.partition("\n")
        rows.append((say("Grund", "Reason"), say(de, en or de)))
    blocks: list[Block] = [Pairs(rows)]
    return Section(say("Zur Übung", "About the drill"), blocks)


def minutes(value: float | None, say: Tongue) -> str:
    """ "Min. 12"; "–" for what did not happen."""
    if value is None:
        return "–"
    if value < 1:
        return say("sofort", "at once")
    return say.length(timedelta(minutes=value))


def verdict(one: Seen, plan: DrillPlan, say: Tongue) -> str:
    """In time, late by how much, or not at all."""
    if one.minute is None:
        running = plan.state is DrillState.RUNNING
        return say("noch offen", "still open") if running else say("nicht geschehen", "not done")
    if one.late:
        length = say.length(timedelta(minutes=max(1.0, one.late)))
        return say(f"{length} zu spät", f"{length} too late")
    return say("rechtzeitig", "in time")
