"""From facts to a report: three sentences, what is pressing, what was answered, what is open, who and how.

Pure. Names nobody who wrote a post. The same document becomes a page, a PDF and Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crisis.figures.spans import met
from crisis.reports import one_incident, phrases
from crisis.reports.document import Block, Bullets, Document, Grid, Pairs, Section, Text
from crisis.reports.phrases import Tongue
from crisis.reports.situation import Situation
from crisis.types import OPEN_STATES, Response, ResponseState, Severity


def of_span(found: Situation, lang: str) -> Document:
    """The report of some hours."""
    say = Tongue(lang, found.zone)
    span = f"{say.moment(found.start)} – {say.moment(found.end, beside=found.start)}"
    return _document(
        found,
        say,
        say("Lagebericht Gerüchte", "Situation report: rumours"),
        span,
        lead(found, say),
        [
            _overview(found, say),
            _cases(found, say),
            _published(found, say),
            _open(found, say),
            _desk(found, say),
            _figures(found, say),
        ],
    )


def of_incident(found: Situation, lang: str) -> Document:
    """The report of one incident: the only one among ``found.cases``."""
    say = Tongue(lang, found.zone)
    (case,) = found.cases
    number = f"{say('Vorfall', 'Incident')} {case.incident.id}"
    return _document(
        found,
        say,
        say("Lagebericht: ", "Situation report: ") + one_incident.name(case),
        f"{number}, {say('Stand', 'as of')} {say.moment(found.now)}",
        one_incident.lead(case, found, say),
        [
            one_incident.rumour(case, say),
            one_incident.spread(case, found, say),
            one_incident.course(case, found, say),
            _published(found, say),
            _open(found, say),
            _desk(found, say),
        ],
    )


def _document(
    found: Situation,
    say: Tongue,
    title: str,
    subtitle: str,
    sentences: Sequence[str],
    sections: Sequence[Section | None],
) -> Document:
    return Document(
        lang=say.lang,
        title=title,
        subtitle=subtitle,
        authority=found.authority,
        made=say("Erstellt am ", "Made on ") + say.moment(found.now),
        lead=sentences,
        sections=[section for section in sections if section is not None],
        banner=say("ÜBUNG – nichts davon ist echt", "EXERCISE – none of this is real")
        if found.drill
        else "",
        small_print=say(
            "Zeiten in der Zeitzone der Behörde. Verfasser von Beiträgen werden nicht genannt.",
            "Times in the authority's time zone. Authors of posts are not named.",
        ),
    )


# --- the situation in three sentences --------------------------------------------------------


def lead(found: Situation, say: Tongue) -> list[str]:
    """What goes round, what was said, and whether the desk works."""
    return [_what(found, say), _said(found, say), health(found, say)]


def _what(found: Situation, say: Tongue) -> str:
    going = [case for case in found.cases if case.incident.state in OPEN_STATES]
    count = len(going) + found.more
    if not count:
        return say("Zurzeit geht kein bekanntes Gerücht um.", "No known rumour goes round now.")
    about = say.many(count, ("Gerücht geht", "Gerüchte gehen"), ("rumour goes", "rumours go"))
    told = f"{about} {say('um', 'round')}"
    urgent = sum(case.incident.severity is Severity.URGENT for case in going)
    high = sum(case.incident.severity is Severity.HIGH for case in going)
    parts = [
        f"{say.number(n)} {say.pick(phrases.SEVERITIES[level])}"
        for n, level in ((urgent, Severity.URGENT), (high, Severity.HIGH))
        if n
    ]
    return f"{told}, {say('davon', 'of these')} {say.all_of(parts)}." if parts else f"{told}."


def _said(found: Situation, say: Tongue) -> str:
    answers = [answer for case in found.cases for answer in case.answers]
    fresh = sum(
        answer.released_at is not None and found.start <= answer.released_at <= found.end
        for answer in answers
    )
    waiting = [case for case in found.cases if case.unanswered]
    said = (
        say.many(
            fresh,
            ("Antwort wurde veröffentlicht", "Antworten wurden veröffentlicht"),
            ("answer was published", "answers were published"),
        )
        if fresh
        else say("Keine Antwort wurde veröffentlicht", "No answer was published")
    )
    if not waiting:
        rest = say("unbeantwortet ist nichts", "nothing is unanswered")
        return f"{said}; {rest}."
    oldest = say.length(found.now - min(case.incident.opened for case in waiting))
    rest = say(
        f"{say.number(len(waiting))} noch ohne Antwort, am längsten seit {oldest}",
        f"{say.number(len(waiting))} still without an answer, the longest for {oldest}",
    )
    return f"{said}; {rest}.".replace("..", ".")


def health(found: Situation, say: Tongue) -> str:
    """Whether the desk itself works, in a sentence."""
    state, wrong = found.health, []
    if state.monitor_silent:
        since = (
            say(f"seit {say.moment(state.monitor_seen)}", f"since {say.moment(state.monitor_seen)}")
            if state.monitor_seen
            else say("noch nie gesehen", "never seen")
        )
        wrong.append(say(f"der Beobachter läuft nicht ({since})", f"the monitor is down ({since})"))
    if state.failing:
        wrong.append(
            say(
                f"{len(state.failing)} von {state.sources} Quellen antworten nicht",
                f"{len(state.failing)} of {state.sources} sources do not answer",
            )
        )
    if not state.mail:
        wrong.append(say("es ist kein Mailserver eingerichtet", "no mail server is set up"))
    if state.failed_mails:
        wrong.append(
            say.many(
                state.failed_mails,
                ("Mail ist gescheitert", "Mails sind gescheitert"),
                ("mail failed", "mails failed"),
            )
        )
    if not wrong:
        return say(
            f"Die Beobachtung läuft, alle {state.sources} Quellen antworten.",
            f"The monitor runs, all {state.sources} sources answer.",
        )
    told = say.all_of(wrong)
    return say("Zu beachten: ", "Please note: ") + told + "."


# --- sections of a span ----------------------------------------------------------------------


def _overview(found: Situation, say: Tongue) -> Section:
    title = say("Vorfälle nach Dringlichkeit", "Incidents by severity")
    if not found.cases:
        return Section(title, [Text(say("Keine in dieser Zeit.", "None in this time."))])
    head = [
        *(say("Gerücht", "Rumour"), say("Dringlichkeit", "Severity"), say("Stand", "State")),
        *(say("Beiträge", "Posts"), say("letzte Stunde", "last hour"), say("seit", "since")),
    ]
    rows = [
        [
            one_incident.name(case),
            say.pick(phrases.SEVERITIES[case.incident.severity]),
            say.pick(phrases.STATES[case.incident.state]),
            say.number(case.spread.posts),
            say.number(case.spread.last_hour),
            say.moment(case.incident.opened, beside=found.now),
        ]
        for case in found.cases
    ]
    blocks: list[Block] = [Grid(title, head, rows)]
    if found.more:
        blocks.append(
            Text(
                say(
                    f"{say.number(found.more)} weitere, weniger dringende stehen am Arbeitsplatz.",
                    f"{say.number(found.more)} more, less urgent ones are on the desk.",
                )
            )
        )
    return Section(title, blocks)


def _cases(found: Situation, say: Tongue) -> Section | None:
    pressing = [
        case
        for case in found.cases
        if case.incident.severity >= Severity.HIGH and case.incident.state in OPEN_STATES
    ]
    if not pressing:
        return None
    return Section(
        say("Die dringenden im Einzelnen", "The pressing ones in detail"),
        [],
        [
            Section(
                one_incident.name(case),
                [*one_incident.facts_of(case, say), *one_incident.course(case, found, say).blocks],
                tone="alarm" if case.pressing else "",
            )
            for case in pressing[:10]
        ],
    )


def _published(found: Situation, say: Tongue) -> Section:
    title = say("Was geantwortet wurde", "What was answered")
    rows = [
        [
            answer.title,
            say.pick(phrases.ANSWERS[answer.state]),
            say.moment(answer.released_at, beside=found.now),
            _address(answer, found),
        ]
        for case in found.cases
        for answer in case.answers
        if answer.released_at is not None
    ]
    if not rows:
        return Section(title, [Text(say("Noch nichts.", "Nothing yet."))])
    head = [
        *(say("Antwort", "Answer"), say("Stand", "State")),
        *(say("veröffentlicht", "published"), say("Adresse", "Address")),
    ]
    return Section(title, [Grid(title, head, rows)])


def _open(found: Situation, say: Tongue) -> Section:
    title = say("Was offen ist", "What is open")
    points = open_points(found, say)
    if not points:
        return Section(title, [Text(say("Nichts.", "Nothing."))])
    return Section(title, [Bullets(points)], tone="attention")


def open_points(found: Situation, say: Tongue) -> list[str]:
    """What somebody still has to do, most pressing first."""
    points = []
    for case in found.cases:
        waits = [a for a in case.answers if a.state is ResponseState.SUBMITTED]
        if waits:
            points.append(
                f"{one_incident.name(case)}: "
                + say("Antwort wartet auf eine zweite Person.", "answer waits for a second person.")
            )
        elif case.unanswered:
            since = say.length(found.now - case.incident.opened)
            who = f", {case.assignee}" if case.assignee else ""
            state = say.pick(phrases.STATES[case.incident.state])
            points.append(
                f"{one_incident.name(case)}: {state}{who}, {say('offen seit', 'open for')} {since}".rstrip(
                    "."
                )
                + "."
            )
    if found.health.suggestions:
        points.append(
            say.many(
                found.health.suggestions,
                ("Vorschlag ist noch anzusehen.", "Vorschläge sind noch anzusehen."),
                ("suggestion is still to be looked at.", "suggestions are still to be looked at."),
            )
        )
    return points


def _desk(found: Situation, say: Tongue) -> Section:
    duty, state = found.duty, found.health
    until = f" ({say('bis', 'until')} {say.moment(duty.until)})" if duty.until else ""
    since = f" ({say('ab', 'from')} {say.moment(duty.since)})" if duty.since else ""
    nobody = say("niemand eingetragen", "nobody entered")
    rows = [
        (say("Bereitschaft jetzt", "On call now"), (duty.now + until) or nobody),
        (say("danach", "then"), (duty.next + since) or nobody),
        (say("Betrieb", "Operation"), health(found, say)),
    ]
    if state.failing:
        rows.append(
            (say("Quellen ohne Antwort", "Sources that do not answer"), ", ".join(state.failing))
        )
    return Section(say("Bereitschaft und Betrieb", "On call and operation"), [Pairs(rows)])


def _figures(found: Situation, say: Tongue) -> Section | None:
    shown = {step: one for step, one in found.steps.items() if one.counted}
    if not shown:
        return None
    title = say("Kennzahlen dieser Zeit", "Figures of this time")
    head = [
        *(say("Schritt", "Step"), say("Vorfälle", "Incidents"), say("noch offen", "still open")),
        *("Median", say("Ziel", "Target"), ""),
    ]
    head[-1] = say("Stand", "Target met?")
    rows = []
    for step, one in shown.items():
        target = found.targets.get(step)
        rows.append(
            [
                say.pick(phrases.STEPS[step]),
                say.number(one.counted),
                say.number(one.waiting),
                say.median(one),
                "–" if target is None else say.length(timedelta(minutes=target)),
                say.pick(phrases.MET[met(one, target)]),
            ]
        )
    note = say(
        "Median: nach dieser Zeit war die Hälfte so weit. Offene zählen mit (Kaplan und Meier).",
        "Median: after this time half were through. Open ones count (Kaplan and Meier).",
    )
    return Section(title, [Grid(title, head, rows), Text(note)])


def _address(answer: Response, found: Situation) -> str:
    return f"{found.public_url}{answer.slug}" if answer.slug and not found.drill else "–"
