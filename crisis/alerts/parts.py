"""The parts of an alert mail: its subject, and one function a block, in the order of the mail.

Pure. ``compose`` says which of them a mail has. Whatever strangers wrote goes through ``quote`` here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

from crisis.alerts import quote, wording
from crisis.alerts.draft import NAME, t
from crisis.alerts.layout import Banner, Block, Button, Heading, Paragraph, Points, Quote
from crisis.matching import reasons
from crisis.oncall.rota import TAKEN_ON, TOLD_BEFORE, Why
from crisis.types import (
    OPEN_STATES,
    AlertKind,
    Incident,
    Person,
    Rumour,
    Severity,
    Sighting,
    Spread,
)

EXAMPLES = 3  # posts quoted in a mail
_POST = 280  # characters of each
_REASONS = 3
_TITLE = 120
_SUBJECT_TITLE = 48  # a lock screen shows about 60 characters of a subject
_DRILL = ("ÜBUNG", "EXERCISE")
_RANKS = {Severity.URGENT: ("[DRINGEND] ", "[URGENT] "), Severity.HIGH: ("[HOCH] ", "[HIGH] ")}


def subject(
    kind: AlertKind,
    incident: Incident,
    rumour: Rumour,
    spread: Spread,
    taken_by: str,
    now: datetime,
    lang: str,
) -> str:
    """One line for a lock screen: how urgent, what, how much of it in what time."""
    title = called(rumour, _SUBJECT_TITLE)
    count = wording.headline(incident, spread, now, lang)
    rank = _RANKS.get(incident.severity)
    drill = f"{t(lang, *_DRILL)}: " if incident.drill else ""
    if kind is AlertKind.TAKEN:
        who = quote.line(taken_by, NAME) or t(lang, "jemandem", "somebody")
        if incident.state not in OPEN_STATES:
            return drill + t(lang, f"Beendet von {who}: {title}", f"Ended by {who}: {title}")
        return drill + t(lang, f"Übernommen von {who}: {title}", f"Taken by {who}: {title}")
    begins = {
        AlertKind.RAISED: ("Gerücht", "Rumour"),
        AlertKind.REOPENED: ("Wieder da", "Back again"),
        AlertKind.ESCALATED: ("Bitte übernehmen", "Please take over"),
        AlertKind.WORSE: ("Es wird mehr", "Growing"),
        AlertKind.COPY: ("Zum Mitlernen", "For you to follow"),
        AlertKind.STILL: ("Noch nichts geschehen", "Nothing done yet"),
    }[kind]
    return f"{drill}{t(lang, *rank) if rank else ''}{t(lang, *begins)}: {title} – {count}"


def called(rumour: Rumour, limit: int) -> str:
    """The rumour as people call it, on one line."""
    return (
        quote.line(rumour.title, limit)
        or quote.line(rumour.text, limit)
        or quote.line(rumour.id, limit)
    )


def before(told: int, spread: Spread, lang: str) -> str:
    """For a subject that says how many: and how many it was the last time."""
    if not 0 < told < spread.posts:
        return ""
    return t(lang, f", zuletzt {told}", f", last told {told}")


def grown(told: int, spread: Spread, lang: str) -> str:
    """A sentence that compares with the last mail."""
    if not 0 < told < spread.posts:
        return ""
    return t(
        lang,
        f" Damals waren es {wording.posts(told, lang)}, jetzt sind es {spread.posts}.",
        f" It was {wording.posts(told, lang)} then, and it is {spread.posts} now.",
    )


def claim(rumour: Rumour, lang: str) -> str:
    """What is claimed, and what the authority knows of it."""
    said = quote.line(rumour.text, 2 * _TITLE)
    known = wording.status(rumour.status, lang)
    return t(
        lang,
        f"Behauptet wird: „{said}“ – nach unserem Stand: {known}.",
        f"The claim: “{said}” – as far as we know: {known}.",
    )


def opening(
    kind: AlertKind, incident: Incident, rumour: Rumour, taken_by: str, lang: str
) -> tuple[str, str]:
    """Title and first sentence."""
    name = called(rumour, _TITLE)
    who = quote.line(taken_by, NAME) or t(lang, "Jemand", "Somebody")
    if kind is AlertKind.TAKEN and incident.state not in OPEN_STATES:
        return name, t(
            lang,
            f"{who} hat den Vorfall beendet. Sie müssen nichts mehr tun.",
            f"{who} has ended the incident. There is nothing left for you to do.",
        )
    sentences = {
        AlertKind.RAISED: (
            "Ein bekanntes Gerücht geht um. Bitte sehen Sie es sich jetzt an.",
            "A rumour we know is going round. Please look at it now.",
        ),
        AlertKind.REOPENED: (
            "Ein Gerücht, das erledigt war, geht wieder um. Bitte sehen Sie es sich jetzt an.",
            "A rumour that was settled is going round again. Please look at it now.",
        ),
        AlertKind.ESCALATED: (
            "Bisher hat niemand geantwortet. Bitte übernehmen Sie.",
            "Nobody has answered so far. Please take over.",
        ),
        AlertKind.WORSE: (
            "Das Gerücht verbreitet sich stärker als bei der letzten Nachricht.",
            "The rumour is spreading more than when we last wrote.",
        ),
        AlertKind.COPY: (
            "Ein bekanntes Gerücht geht um. Jemand anderes kümmert sich; Sie lesen nur mit.",
            "A rumour we know is going round. Somebody else sees to it; you only follow.",
        ),
        AlertKind.STILL: (
            "Sie haben diesen Vorfall übernommen, und seitdem steht nichts Neues darin. Kommen Sie voran?",
            "You have taken this incident, and nothing new stands in it since. Are you getting on?",
        ),
        AlertKind.TAKEN: (
            f"{who} kümmert sich darum. Sie müssen nichts mehr tun.",
            f"{who} is taking care of it. There is nothing left for you to do.",
        ),
    }
    return name, t(lang, *sentences[kind])


def button(waits: bool, link: str, lang: str) -> Button:
    """The way to the incident: to take it where it waits for somebody, otherwise to look at it."""
    if not waits:
        return Button(t(lang, "Vorfall ansehen", "See the incident"), link)
    hint = t(
        lang,
        "Der Knopf öffnet eine Seite ohne Anmeldung. Erst dort übernehmen Sie den Vorfall; der Link"
        " ist nur für Sie und gilt einmal.",
        "The button opens a page without sign-in. Only there do you take the incident; the link is"
        " yours alone and works once.",
    )
    return Button(t(lang, "Ansehen und übernehmen", "See it and take it"), link, hint)


def rule(kind: AlertKind, incident: Incident, person: Person, why: Why | None) -> Why | None:
    """The rule that chose the person; for what follows an earlier mail, that mail or the work on it."""
    if kind is AlertKind.TAKEN:
        return why or TOLD_BEFORE
    return TAKEN_ON if incident.assignee == person.id else why


def banners(kind: AlertKind, incident: Incident, lang: str) -> list[Block]:
    """What must not be overlooked: that it is an exercise, that it is urgent and still waits."""
    blocks: list[Block] = [*(exercise(lang) if incident.drill else [])]
    if incident.severity in _RANKS and kind is not AlertKind.TAKEN:
        tone = "urgent" if incident.severity is Severity.URGENT else "calm"
        level = wording.severity(incident.severity, lang)
        blocks.append(Banner(t(lang, f"Dringlichkeit: {level}", f"Severity: {level}"), tone))
    return blocks


def exercise(lang: str) -> list[Block]:
    """Above every mail of an exercise."""
    return [
        Banner(
            t(
                lang,
                "ÜBUNG – ÜBUNG – ÜBUNG: Es ist nichts passiert. Die Beiträge sind erfunden, nichts"
                " davon wird veröffentlicht.",
                "EXERCISE – EXERCISE – EXERCISE: Nothing has happened. The posts are made up, and"
                " nothing will be published.",
            ),
            "drill",
        )
    ]


def handing_back(at: datetime | None, zone: tzinfo, lang: str) -> list[Block]:
    """What happens if nothing happens; nothing where the incident is not handed back."""
    if at is None:
        return []
    when = wording.clock(at, zone, lang)
    return [
        Paragraph(
            t(
                lang,
                f"Eine Notiz, eine Antwort oder ein Urteil genügt. Sonst geben wir den Vorfall am {when},"
                " zurück und rufen die nächste Person.",
                f"A note, an answer or a verdict is enough. Otherwise we give the incident back on {when},"
                " and call the next person.",
            )
        )
    ]


def silence(answer_within: timedelta | None, followed: bool, lang: str) -> list[Block]:
    """What happens if this person does not answer."""
    if answer_within is None:
        return [
            Paragraph(
                t(
                    lang,
                    "Nach Ihnen wird niemand mehr gefragt. Der Vorfall bleibt offen, bis ihn jemand"
                    " übernimmt.",
                    "Nobody is asked after you. The incident stays open until somebody takes it.",
                )
            )
        ]
    wait = wording.duration(answer_within, lang)
    after = t(
        lang,
        "fragen wir die nächste Person" if followed else "fragen wir Sie noch einmal",
        "we ask the next person" if followed else "we ask you again",
    )
    return [
        Paragraph(
            t(
                lang,
                f"Wenn Sie in {wait} nicht antworten, {after}.",
                f"If you do not answer within {wait}, {after}.",
            )
        )
    ]


def urgency(incident: Incident, spread: Spread, zone: tzinfo, lang: str) -> list[Block]:
    """How many, how fast, since when; and how urgent, unless a banner says so."""
    level = wording.severity(incident.severity, lang)
    since = wording.clock(incident.opened, zone, lang)
    points = [
        wording.speed(spread, lang),
        t(lang, f"Zuerst bemerkt: {since}", f"First noticed: {since}"),
    ]
    if incident.severity not in _RANKS:  # otherwise the banner says it
        points.insert(0, t(lang, f"Dringlichkeit: {level}", f"Severity: {level}"))
    return [
        Heading(t(lang, "Wie schnell verbreitet es sich?", "How fast is it spreading?")),
        Points(tuple(points)),
    ]


def grounds(sightings: Sequence[Sighting], lang: str) -> list[Block]:
    """Why the posts were taken for this rumour: the reasons of the surest of those we quote."""
    if not sightings:
        return []
    surest = max(sightings[:EXAMPLES], key=lambda s: s.match.score).match
    found = [reasons.say(r, lang) for r in surest.reasons if r.weight > 0][:_REASONS]
    if surest.phrasing.strip():
        phrasing = quote.line(surest.phrasing, 2 * _TITLE)
        found.append(t(lang, f"Am nächsten kommt: „{phrasing}“", f"Closest wording: “{phrasing}”"))
    if not found:
        return []
    heading = Heading(t(lang, "Warum dieses Gerücht?", "Why this rumour?"))
    return [heading, Points(tuple(quote.line(reason, _POST) for reason in found))]


def examples(
    sightings: Sequence[Sighting], sources: Mapping[int, str], zone: tzinfo, lang: str
) -> list[Block]:
    """The first three posts, shortened, with source and time but without their author."""
    if not sightings:
        return []
    blocks: list[Block] = [Heading(t(lang, "Beispiele", "Examples"))]
    for sighting in sightings[:EXAMPLES]:
        post = sighting.post
        name = quote.line(sources.get(post.source_id, ""), NAME)
        source = name or t(lang, "Quelle ohne Namen", "unnamed source")
        at = wording.clock(post.published or post.seen, zone, lang)
        blocks.append(Quote(quote.passage(post.text, _POST) or "…", f"{source}, {at}"))
    return blocks


def answer(suggestion: str | None, lang: str) -> list[Block]:
    """The best approved answer, or that there is none yet."""
    heading = Heading(t(lang, "Antwort", "Answer"))
    title = quote.line(suggestion or "", _TITLE)
    if title:
        ready = t(
            lang,
            f"Freigegeben und passend: „{title}“. Sie müssen nur noch die Lücken füllen.",
            f"Approved and fitting: “{title}”. You only need to fill in the blanks.",
        )
        return [heading, Paragraph(ready)]
    none = t(
        lang,
        "Noch passt keine freigegebene Antwort. Auf der Seite des Vorfalls finden Sie alle Vorlagen.",
        "No approved answer fits yet. The incident's page leads to all playbooks.",
    )
    return [heading, Paragraph(none)]


def why_you(why: Why | None, lang: str) -> list[Block]:
    """Why this person was told."""
    if why is None:
        return []
    return [
        Heading(t(lang, "Warum Sie?", "Why you?")),
        Paragraph(
            t(
                lang,
                f"Sie bekommen diese Mail, weil {why.say(lang)}.",
                f"You get this mail because {why.say(lang)}.",
            )
        ),
    ]
