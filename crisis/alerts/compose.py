"""What an alert mail says: subject, plain text and HTML from an incident and what is known of it.

Pure: everything comes in, nothing is looked up. Does not decide who is told or when (``escalation``), nor
pack the mail for the mail server (``message``). Whatever strangers wrote goes through ``quote``; the one
link of a mail is the one we are given. Authors of posts are not named: the desk shows them, a mailbox
keeps them for ever.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from crisis.alerts import quote, wording
from crisis.alerts.layout import (
    Banner,
    Block,
    Button,
    Heading,
    Paragraph,
    Points,
    Quote,
    Title,
    as_html,
    as_text,
)
from crisis.matching import reasons
from crisis.oncall.rota import TAKEN_ON, TOLD_BEFORE, Why
from crisis.types import (
    Alert,
    AlertKind,
    Incident,
    IncidentState,
    Person,
    Rumour,
    Severity,
    Sighting,
    Spread,
)

EXAMPLES = 3  # posts quoted in a mail
_POST = 280  # characters of each
_REASONS = 3
_NAME = 60  # characters of a source's, a person's or the authority's name
_TITLE = 120
_SUBJECT_TITLE = 48  # a lock screen shows about 60 characters of a subject
_DRILL = ("ÜBUNG", "EXERCISE")
_RANKS = {Severity.URGENT: ("[DRINGEND] ", "[URGENT] "), Severity.HIGH: ("[HOCH] ", "[HIGH] ")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A mail, written but not addressed: see ``addressed``."""

    kind: AlertKind
    subject: str
    text: str
    html: str
    message_id: str  # with angle brackets
    in_reply_to: str = ""  # the first mail of the incident, "" if this is it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who writes, as mails of one authority have it in common."""

    authority: str
    zone: tzinfo
    domain: str  # right-hand side of Message-IDs


def compose(
    *,
    kind: AlertKind,
    incident: Incident,
    rumour: Rumour,
    spread: Spread,
    sightings: Sequence[Sighting],
    sources: Mapping[int, str],
    suggestion: str | None,
    link: str,
    person: Person,
    why: Why | None = None,
    authority: str,
    zone: tzinfo,
    domain: str,
    now: datetime,
    first_message_id: str = "",
    answer_within: timedelta | None = None,
    followed: bool = True,
    taken_by: str = "",
) -> Draft:
    """Write the mail of this ``kind`` about an incident to ``person``, in their language.

    ``sightings`` may be many; the first three are quoted. ``sources`` maps a source's id to its name.
    ``suggestion`` is the title of the best fitting approved answer. ``link`` is the mail's one link: the
    acknowledge page, or for TAKEN the incident on the desk. ``why`` is the rule that chose the person.
    After ``answer_within`` without an answer the next person is asked, or where nobody else is in line
    (``followed`` is False) this one again; None where nothing follows. ``taken_by`` names who took it
    (TAKEN only). ``first_message_id`` is that of the incident's first mail, "" for the first itself.

    Raises ValueError for INVITATION and TEST, which are about no incident.
    """
    if kind in (AlertKind.INVITATION, AlertKind.TEST):
        raise ValueError("an invitation or a test is about no incident")
    lang = "de" if wording.german(person.lang) else "en"
    sender = Sender(authority=authority, zone=zone, domain=domain)
    subject = _subject(kind, incident, rumour, spread, taken_by, now, lang)
    opening = _opening(kind, rumour, taken_by, lang)
    blocks: list[Block] = [*_banners(incident, lang), Title(opening[0]), Paragraph(opening[1])]
    waits = incident.state is IncidentState.NEW and kind is not AlertKind.TAKEN
    blocks += [Paragraph(_claim(rumour, lang)), _button(waits, link, lang)]
    if waits:
        blocks += _silence(answer_within, followed, lang)
    if kind is not AlertKind.TAKEN:
        blocks += [
            *_urgency(incident, spread, zone, lang),
            *_grounds(sightings, lang),
            *_examples(sightings, sources, zone, lang),
            *_answer(suggestion, lang),
        ]
    blocks += _why_you(_rule(kind, incident, person, why), lang)
    preview = f"{opening[1]} {wording.speed(spread, lang)}"
    return _draft(
        kind,
        subject,
        blocks,
        sender,
        lang,
        message_id=_message_id(
            f"{kind}.{incident.id}.{incident.wave}.{incident.severity:d}.{person.id}", domain, now
        ),
        in_reply_to=first_message_id,
        preview=preview,
    )


def invitation(*, person: Person, link: str, days: int, sender: Sender, now: datetime) -> Draft:
    """The mail that asks somebody to set a password; ``link`` works once, for ``days`` days."""
    lang = person.lang
    name, authority = quote.line(person.name, _NAME), quote.line(sender.authority, _NAME)
    valid = wording.duration(timedelta(days=days) if days > 1 else timedelta(hours=24), lang)
    blocks: list[Block] = [
        Title(_t(lang, f"Willkommen, {name}", f"Welcome, {name}")),
        Paragraph(
            _t(
                lang,
                f"{authority} hat für Sie einen Zugang zu Klarstellung eingerichtet: dort sehen Sie,"
                " welche Gerüchte umgehen, und beantworten sie.",
                f"{authority} has set up an account for you in Klarstellung: there you see which"
                " rumours go round, and answer them.",
            )
        ),
        Button(
            _t(lang, "Kennwort festlegen", "Set your password"),
            link,
            _t(
                lang,
                f"Der Link gilt {valid.replace('Tagen', 'Tage')} und nur einmal. Danach bitten Sie"
                " Ihre Verwaltung um einen neuen.",
                f"The link works once, for {valid}. After that, ask your administrator for a new one.",
            ),
        ),
        Paragraph(
            _t(
                lang,
                "Sie haben nicht damit gerechnet? Dann tun Sie nichts; ohne Sie wird kein Kennwort"
                " gesetzt.",
                "You did not expect this? Then do nothing; no password is set without you.",
            ),
            small=True,
        ),
    ]
    subject = _t(lang, f"Ihr Zugang bei {authority}", f"Your account at {authority}")
    message_id = _message_id(f"invitation.{person.id}", sender.domain, now)
    return _draft(AlertKind.INVITATION, subject, blocks, sender, lang, message_id=message_id)


def test_mail(*, person: Person, link: str, sender: Sender, now: datetime) -> Draft:
    """A mail that proves that alerts reach this person. Says that nothing has happened."""
    lang = person.lang
    when = wording.clock(now, sender.zone, lang)
    blocks: list[Block] = [
        Banner(_t(lang, "Nur ein Test: Es ist nichts passiert.", "Only a test."), "calm"),
        Title(_t(lang, "Diese Mail hat Sie erreicht", "This mail has reached you")),
        Paragraph(
            _t(
                lang,
                f"Sie wurde am {when} abgeschickt, auf demselben Weg wie ein Alarm. Kam sie schnell"
                " und hat Ihr Telefon geklingelt? Dann ist alles gut. Lag sie im Spam-Ordner, nehmen"
                " Sie den Absender bitte in Ihre Kontakte auf.",
                f"It was sent at {when}, the same way as an alert. Did it come quickly, and did your"
                " phone ring? Then all is well. If it was in the spam folder, please add the sender"
                " to your contacts.",
            )
        ),
        Button(_t(lang, "Klarstellung öffnen", "Open Klarstellung"), link),
    ]
    subject = _t(lang, f"Test: Alarm-Mails erreichen Sie ({when})", f"Test: alerts ({when})")
    message_id = _message_id(f"test.{person.id}", sender.domain, now)
    return _draft(AlertKind.TEST, subject, blocks, sender, lang, message_id=message_id)


test_mail.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's


def addressed(
    draft: Draft, person: Person, now: datetime, *, incident: Incident | None = None
) -> Alert:
    """The draft as a row of the outbox, due at once."""
    return Alert(
        incident_id=incident.id if incident is not None else None,
        person_id=person.id,
        kind=draft.kind,
        to=person.email,
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        message_id=draft.message_id,
        in_reply_to=draft.in_reply_to,
        created=now,
        due=now,
        drill=incident.drill if incident is not None else person.drill,
    )


def _draft(
    kind: AlertKind,
    subject: str,
    blocks: Sequence[Block],
    sender: Sender,
    lang: str,
    *,
    message_id: str,
    in_reply_to: str = "",
    preview: str = "",
) -> Draft:
    lang = "de" if wording.german(lang) else "en"
    authority = quote.line(sender.authority, _NAME)
    footer = _t(
        lang,
        f"{authority} · automatisch verschickt von Klarstellung. Antworten auf diese Mail liest"
        " niemand.",
        f"{authority} · sent automatically by Klarstellung. Nobody reads replies to this mail.",
    )
    return Draft(
        kind=kind,
        subject=subject,
        text=as_text(blocks, footer),
        html=as_html(blocks, lang=lang, subject=subject, preview=preview, footer=footer),
        message_id=message_id,
        in_reply_to=in_reply_to,
    )


def _message_id(what: str, domain: str, now: datetime) -> str:
    """Unique by what the mail is about and when it was written: the same call makes the same mail."""
    host = "".join(c for c in domain if c.isascii() and (c.isalnum() or c in ".-")) or "localhost"
    return f"<{what}.{int(now.timestamp() * 1_000_000)}@{host}>"


# --- the parts of an alert -------------------------------------------------------------------


def _subject(
    kind: AlertKind,
    incident: Incident,
    rumour: Rumour,
    spread: Spread,
    taken_by: str,
    now: datetime,
    lang: str,
) -> str:
    title = _name(rumour, _SUBJECT_TITLE)
    count = wording.headline(incident, spread, now, lang)
    rank = _RANKS.get(incident.severity)
    drill = f"{_t(lang, *_DRILL)}: " if incident.drill else ""
    if kind is AlertKind.TAKEN:
        who = quote.line(taken_by, _NAME) or _t(lang, "jemandem", "somebody")
        return drill + _t(lang, f"Übernommen von {who}: {title}", f"Taken by {who}: {title}")
    begins = {
        AlertKind.RAISED: ("Gerücht", "Rumour"),
        AlertKind.REOPENED: ("Wieder da", "Back again"),
        AlertKind.ESCALATED: ("Bitte übernehmen", "Please take over"),
        AlertKind.WORSE: ("Es wird mehr", "Growing"),
    }[kind]
    return f"{drill}{_t(lang, *rank) if rank else ''}{_t(lang, *begins)}: {title} – {count}"


def _name(rumour: Rumour, limit: int) -> str:
    """The rumour as people call it, on one line."""
    return quote.line(rumour.title, limit) or quote.line(rumour.text, limit) or rumour.id


def _claim(rumour: Rumour, lang: str) -> str:
    said = quote.line(rumour.text, 2 * _TITLE)
    known = wording.status(rumour.status, lang)
    return _t(
        lang,
        f"Behauptet wird: „{said}“ – nach unserem Stand: {known}.",
        f"The claim: “{said}” – as far as we know: {known}.",
    )


def _opening(kind: AlertKind, rumour: Rumour, taken_by: str, lang: str) -> tuple[str, str]:
    """Title and first sentence."""
    name = _name(rumour, _TITLE)
    who = quote.line(taken_by, _NAME) or _t(lang, "Jemand", "Somebody")
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
        AlertKind.TAKEN: (
            f"{who} kümmert sich darum. Sie müssen nichts mehr tun.",
            f"{who} is taking care of it. There is nothing left for you to do.",
        ),
    }
    return name, _t(lang, *sentences[kind])


def _button(waits: bool, link: str, lang: str) -> Button:
    """The way to the incident: to take it where it waits for somebody, otherwise to look at it."""
    if not waits:
        return Button(_t(lang, "Vorfall ansehen", "See the incident"), link)
    hint = _t(
        lang,
        "Der Knopf öffnet eine Seite ohne Anmeldung. Erst dort übernehmen Sie den Vorfall; der Link"
        " ist nur für Sie und gilt einmal.",
        "The button opens a page without sign-in. Only there do you take the incident; the link is"
        " yours alone and works once.",
    )
    return Button(_t(lang, "Ansehen und übernehmen", "See it and take it"), link, hint)


def _rule(kind: AlertKind, incident: Incident, person: Person, why: Why | None) -> Why | None:
    """The rule that chose the person; for what follows an earlier mail, that mail or the work on it."""
    if kind is AlertKind.TAKEN:
        return why or TOLD_BEFORE
    return TAKEN_ON if incident.assignee == person.id else why


def _banners(incident: Incident, lang: str) -> list[Block]:
    blocks: list[Block] = []
    if incident.drill:
        blocks.append(
            Banner(
                _t(
                    lang,
                    "ÜBUNG – ÜBUNG – ÜBUNG: Es ist nichts passiert. Die Beiträge sind erfunden, nichts"
                    " davon wird veröffentlicht.",
                    "EXERCISE – EXERCISE – EXERCISE: Nothing has happened. The posts are made up, and"
                    " nothing will be published.",
                ),
                "drill",
            )
        )
    if incident.severity in _RANKS:
        tone = "urgent" if incident.severity is Severity.URGENT else "calm"
        level = wording.severity(incident.severity, lang)
        blocks.append(Banner(_t(lang, f"Dringlichkeit: {level}", f"Severity: {level}"), tone))
    return blocks


def _silence(answer_within: timedelta | None, followed: bool, lang: str) -> list[Block]:
    if answer_within is None:
        return [
            Paragraph(
                _t(
                    lang,
                    "Nach Ihnen wird niemand mehr gefragt. Der Vorfall bleibt offen, bis ihn jemand"
                    " übernimmt.",
                    "Nobody is asked after you. The incident stays open until somebody takes it.",
                )
            )
        ]
    wait = wording.duration(answer_within, lang)
    after = _t(
        lang,
        "fragen wir die nächste Person" if followed else "fragen wir Sie noch einmal",
        "we ask the next person" if followed else "we ask you again",
    )
    return [
        Paragraph(
            _t(
                lang,
                f"Wenn Sie in {wait} nicht antworten, {after}.",
                f"If you do not answer within {wait}, {after}.",
            )
        )
    ]


def _urgency(incident: Incident, spread: Spread, zone: tzinfo, lang: str) -> list[Block]:
    level = wording.severity(incident.severity, lang)
    since = wording.clock(incident.opened, zone, lang)
    points = [
        wording.speed(spread, lang),
        _t(lang, f"Zuerst bemerkt: {since}", f"First noticed: {since}"),
    ]
    if incident.severity not in _RANKS:  # otherwise the banner says it
        points.insert(0, _t(lang, f"Dringlichkeit: {level}", f"Severity: {level}"))
    return [
        Heading(_t(lang, "Wie schnell verbreitet es sich?", "How fast is it spreading?")),
        Points(tuple(points)),
    ]


def _grounds(sightings: Sequence[Sighting], lang: str) -> list[Block]:
    """Why the posts were taken for this rumour: the reasons of the surest of those we quote."""
    if not sightings:
        return []
    surest = max(sightings[:EXAMPLES], key=lambda s: s.match.score).match
    found = [reasons.say(r, lang) for r in surest.reasons if r.weight > 0][:_REASONS]
    if surest.phrasing.strip():
        phrasing = quote.line(surest.phrasing, 2 * _TITLE)
        found.append(_t(lang, f"Am nächsten kommt: „{phrasing}“", f"Closest wording: “{phrasing}”"))
    if not found:
        return []
    heading = Heading(_t(lang, "Warum dieses Gerücht?", "Why this rumour?"))
    return [heading, Points(tuple(quote.line(reason, _POST) for reason in found))]


def _examples(
    sightings: Sequence[Sighting], sources: Mapping[int, str], zone: tzinfo, lang: str
) -> list[Block]:
    if not sightings:
        return []
    blocks: list[Block] = [Heading(_t(lang, "Beispiele", "Examples"))]
    for sighting in sightings[:EXAMPLES]:
        post = sighting.post
        name = quote.line(sources.get(post.source_id, ""), _NAME)
        source = name or _t(lang, "Quelle ohne Namen", "unnamed source")
        at = wording.clock(post.published or post.seen, zone, lang)
        blocks.append(Quote(quote.passage(post.text, _POST) or "…", f"{source}, {at}"))
    return blocks


def _answer(suggestion: str | None, lang: str) -> list[Block]:
    heading = Heading(_t(lang, "Antwort", "Answer"))
    title = quote.line(suggestion or "", _TITLE)
    if title:
        ready = _t(
            lang,
            f"Freigegeben und passend: „{title}“. Sie müssen nur noch die Lücken füllen.",
            f"Approved and fitting: “{title}”. You only need to fill in the blanks.",
        )
        return [heading, Paragraph(ready)]
    none = _t(
        lang,
        "Noch passt keine freigegebene Antwort. Auf der Seite des Vorfalls finden Sie alle Vorlagen.",
        "No approved answer fits yet. The incident's page leads to all playbooks.",
    )
    return [heading, Paragraph(none)]


def _why_you(why: Why | None, lang: str) -> list[Block]:
    if why is None:
        return []
    return [
        Heading(_t(lang, "Warum Sie?", "Why you?")),
        Paragraph(
            _t(
                lang,
                f"Sie bekommen diese Mail, weil {why.say(lang)}.",
                f"You get this mail because {why.say(lang)}.",
            )
        ),
    ]


def _t(lang: str, de: str, en: str) -> str:
    return de if wording.german(lang) else en
