"""What happened, in words: audit entries, notes and mails as sentences for people.

Decides nothing and keeps nothing. ``say`` words one audit entry and serves the audit page, too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import NamedTuple

from crisis.desk import here, rota_words, story_channels, words
from crisis.desk.words import _, ngettext
from crisis.types import AlertState, AuditEntry, Incident, Note, Person, Severity, Verdict
from crisis.workflows.attend import EDIT_WITHIN


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline."""

    at: datetime
    who: str
    text: str
    note: str = ""  # what somebody wrote down, as typed
    mail: bool = False
    note_id: int = 0  # of a note its writer may still change
    kind: str = "done"  # "note", "mail" or "done", to show a part of the timeline only


SHOWN = 60  # lines at first; notes come on top, whatever their age


class Story(NamedTuple):
    """The part of the timeline that is shown, newest first, and how many older lines there are."""

    lines: list[Line]
    older: int


def of_incident(incident: Incident, people: Mapping[int, Person], *, whole: bool = True) -> Story:
    """The incident's timeline: what was done, noted and mailed; ``whole``: however long it is."""
    store = here.store()
    notes = {note.id: note for note in store.incidents.notes(incident.id)}
    edits = store.handling.edits(incident.id)
    entries = [e for e in store.audit.of_incident(incident.id) if e.action not in _TOLD_BY_MAILS]
    # The rest is left out before it is put into words: words are what takes the time.
    cut = 0 if whole else max(0, len(entries) - SHOWN)
    lines = []
    for place, entry in enumerate(entries):
        if place < cut and not _is_note(entry):
            continue
        note = notes.get(_number(entry.after.get("note"))) if _is_note(entry) else None
        edited, withdrawn = edits.get(note.id, (False, False)) if note else (False, False)
        text = say(entry, people)
        if note:
            text = _("Notiz, geändert:") if edited else _("Notiz:")
        if withdrawn:
            text = _("Notiz, zurückgenommen.")
        lines.append(
            Line(
                entry.at,
                who(entry, people),
                text,
                note.text if note else "",
                note_id=note.id if note and not withdrawn and _may_change(note) else 0,
                kind="note" if note else "done",
            )
        )
    for alert in store.alerts.of_incident(incident.id):
        if alert.state in (AlertState.SENT, AlertState.FAILED):
            to = people.get(alert.person_id)
            name = to.name if to else alert.to
            text = (
                _("Mail an %(name)s verschickt: %(kind)s.", name=name, kind=words.word(alert.kind))
                if alert.state is AlertState.SENT
                else _("Mail an %(name)s ist gescheitert.", name=name)
            )
            why = rota_words.reason(alert)
            if why:
                text = f"{text} " + _("Warum: weil %(why)s.", why=why)
            lines.append(
                Line(alert.sent_at or alert.created, _("Beobachter"), text, mail=True, kind="mail")
            )
    lines += _other_ways(incident, people)
    lines.sort(key=lambda line: line.at)
    lines.reverse()  # of several at one moment the one written last stands first
    return Story(lines, sum(not _is_note(entry) for entry in entries[:cut]))


def _other_ways(incident: Incident, people: Mapping[int, Person]) -> list[Line]:
    """What went to whom by other ways than mail."""
    names = {gateway.id: gateway.name for gateway in here.store().ways.gateways()}
    lines = []
    for one in here.store().ways.of_incident(incident.id):
        if one.state not in (AlertState.SENT, AlertState.FAILED):
            continue
        way = names.get(one.gateway_id or 0, _("E-Mail an SMS"))
        person = people.get(one.person_id or 0)
        sent = one.state is AlertState.SENT
        if person is None:
            text = (
                _("Über %(way)s verschickt.", way=way)
                if sent
                else _("Über %(way)s gescheitert.", way=way)
            )
        elif sent:
            text = _("Über %(way)s an %(name)s verschickt.", way=way, name=person.name)
        else:
            text = _("Über %(way)s an %(name)s gescheitert.", way=way, name=person.name)
        lines.append(
            Line(one.sent_at or one.created, _("Beobachter"), text, mail=True, kind="mail")
        )
    return lines


# The timeline tells of the mails themselves, with who got them.
_TOLD_BY_MAILS = frozenset(
    {
        *("alert.queued", "alert.sent", "alert.failed", "alert.cancelled"),
        *("ring.sent", "ring.failed", "ring.cancelled"),
    }
)


def _may_change(note: Note) -> bool:
    return note.person_id == here.person().id and here.now() - note.written <= EDIT_WITHIN


def _is_note(entry: AuditEntry) -> bool:
    return entry.action == "incident.noted"


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def who(entry: AuditEntry, people: Mapping[int, Person]) -> str:
    """Who did it: a name, or what did."""
    kind, _colon, number = entry.actor.partition(":")
    if kind == "person":
        person = people.get(int(number)) if number.isdigit() else None
        return person.name if person else _("jemand, der nicht mehr da ist")
    return _("Klarstellung")


def say(entry: AuditEntry, people: Mapping[int, Person]) -> str:
    """One audit entry as a sentence. An action without a sentence is shown by its name."""
    if entry.action in _DETAILED:
        return _DETAILED[entry.action](entry, people)
    text = _sentences(words.language()).get(entry.action, entry.action)
    reason = entry.after.get("reason")
    return f"{text} {_('Grund:')} {reason}" if reason else text


def action(name: str) -> str:
    """What an action is called where many are listed."""
    detailed = {
        "incident.assigned": _("Vorfall zugeteilt."),
        "incident.rated": _("Dringlichkeit gesetzt."),
        "incident.grew": _("Dringlichkeit gestiegen."),
        "sighting.judged": _("Über Beiträge geurteilt."),
        "sighting.judged_many": _("Über viele Beiträge geurteilt."),
        "sighting.undone": _("Urteil rückgängig gemacht."),
        **story_channels.actions(),
    }
    return (detailed | _sentences(words.language())).get(name, name).rstrip(".:")


def _assigned(entry: AuditEntry, people: Mapping[int, Person]) -> str:
    person = people.get(_number(entry.after.get("assignee")))
    if person is None:
        return _("Niemandem mehr zugeteilt.")
    return _("An %(name)s zugeteilt.", name=person.name)


def _rated(entry: AuditEntry, _people: Mapping[int, Person]) -> str:
    level = _number(entry.after.get("severity"))
    if level not in [s.value for s in Severity]:
        return _("Dringlichkeit bestätigt.")
    return _("Dringlichkeit auf „%(level)s“ gesetzt.", level=words.word(Severity(level)))


def _grew(entry: AuditEntry, _people: Mapping[int, Person]) -> str:
    level = _number(entry.after.get("severity"))
    name = words.word(Severity(level)) if level in [s.value for s in Severity] else str(level)
    return _(
        "Dringlichkeit steigt auf „%(level)s“: %(posts)s Beiträge, davon %(ten)s in 10 Minuten.",
        level=name,
        posts=entry.after.get("posts", "?"),
        ten=entry.after.get("last_10_minutes", "?"),
    )


def _judged(entry: AuditEntry, _people: Mapping[int, Person]) -> str:
    said, count = entry.after.get("verdict"), _number(entry.after.get("posts"))
    if said not in {verdict.value for verdict in Verdict}:
        if count < 2:
            return _("Urteil über einen Beitrag zurückgenommen.")
        return _("Urteil über %(count)s Beiträge zurückgenommen.", count=count)
    verdict = words.word(Verdict(str(said)))
    if count < 2:
        return _("Ein Beitrag: „%(verdict)s“.", verdict=verdict)
    return _("%(count)s Beiträge auf einmal: „%(verdict)s“.", count=count, verdict=verdict)


def _undone(entry: AuditEntry, _people: Mapping[int, Person]) -> str:
    return ngettext(
        "Urteil über einen Beitrag rückgängig gemacht.",
        "Urteil über %(num)s Beiträge rückgängig gemacht.",
        _number(entry.after.get("posts")),
    )


_DETAILED: Mapping[str, Callable[[AuditEntry, Mapping[int, Person]], str]] = {
    "incident.assigned": _assigned,
    "incident.rated": _rated,
    "incident.grew": _grew,
    "sighting.judged": _judged,
    "sighting.judged_many": _judged,
    "sighting.undone": _undone,
    **story_channels.DETAILED,
}


@cache  # made once in each language; a log of a hundred lines asks a hundred times
def _sentences(_lang: str) -> dict[str, str]:
    return {
        "incident.opened": _("Vorfall eröffnet."),
        "handover.written": _("Schicht übergeben."),
        "incident.acknowledged": _("Vorfall übernommen."),
        "incident.noted": _("Notiz geschrieben."),
        "incident.dismissed": _("Vorfall verworfen."),
        "incident.closed": _("Vorfall abgeschlossen."),
        "incident.reopened": _("Vorfall wieder geöffnet."),
        "incident.escalated": _("An die nächste Person weitergereicht."),
        "alert.queued": _("Alarm geschrieben."),
        "alert.sent": _("Alarm verschickt."),
        "alert.failed": _("Alarm nicht zustellbar."),
        "alert.cancelled": _("Alarm nicht mehr nötig."),
        "alert.bundled": _("Mehrere Alarme in einer Mail zusammengefasst."),
        "alert.bounced": _("Eine Mail kam zurück."),
        "alert.nobody": _("Niemand da, den der Alarm erreichen könnte."),
        "post.gone": _(
            "Ein Beitrag war an seiner Adresse gelöscht und ist dort auch hier vergessen."
        ),
        "post.set_aside": _("Ein Beitrag ließ sich nicht verarbeiten und wurde beiseitegelegt."),
        "response.drafted": _("Antwort begonnen."),
        "response.filled": _("Antwort ausgefüllt."),
        "response.submitted": _("Antwort zur Freigabe gegeben."),
        "response.returned": _("Antwort mit Anmerkung zurückgegeben."),
        "response.mended": _("Bei der Freigabe berichtigt."),
        "response.reworded": _("Wortlaut der Antwort geändert."),
        "response.wording_restored": _("Freigegebenen Wortlaut wiederhergestellt."),
        "response.taken_back": _("Antwort zurückgeholt."),
        "response.discarded": _("Entwurf weggelegt."),
        "response.released": _("Antwort freigegeben und veröffentlicht."),
        "response.correction_begun": _("Berichtigung begonnen."),
        "response.withdrawn": _("Antwort zurückgezogen."),
        "wall.made": _("Link für einen Bildschirm an der Wand gemacht."),
        "wall.revoked": _("Link für einen Bildschirm an der Wand zurückgenommen."),
        "response.released_alone": _("Antwort im Notfall allein freigegeben und veröffentlicht."),
        "response.reviewed": _("Zu zweit nachgesehen: Die Antwort bleibt."),
        "response.review_missed": _("Niemand hat rechtzeitig nachgesehen; noch einmal erinnert."),
        "response.pinned": _("Antwort über alle öffentlichen Seiten gestellt."),
        "response.unpinned": _("Antwort steht nicht mehr über den Seiten."),
        "data.forgotten": _("Nach der Frist gelöscht, was nicht mehr gebraucht wird."),
        "rumour.added": _("Gerücht aufgenommen."),
        "rumour.changed": _("Gerücht geändert."),
        "rumour.went_back": _("Frühere Fassung des Gerüchts wiederhergestellt."),
        "rumour.merged": _("Mit einem zweiten Eintrag zusammengelegt."),
        "rumour.merged_away": _("In einen anderen Eintrag übernommen und zu den Akten gelegt."),
        "rumour.retired": _("Gerücht zu den Akten gelegt."),
        "rumour.restored": _("Gerücht wieder aufgenommen."),
        "rumour.imported": _("Gerücht importiert."),
        "playbook.changed": _("Vorlage geändert."),
        "playbook.approved": _("Vorlage freigegeben."),
        "playbook.written": _("Vorlage geschrieben."),
        "playbook.handed_in": _("Vorlage zur Prüfung eingereicht."),
        "playbook.returned": _("Vorlage mit Anmerkung zurückgegeben."),
        "playbook.taken_from_review": _("Vorlage aus der Prüfung zurückgeholt."),
        "playbook.changed_in_review": _("Vorlage geändert und deshalb nicht mehr in Prüfung."),
        "playbook.reminded": _("An Ablauf oder Prüfung einer Vorlage erinnert."),
        "playbook.approval_revoked": _("Freigabe einer Vorlage zurückgenommen."),
        "model.learned": _("Modell gelernt und verglichen."),
        "model.used": _("Modell in Gebrauch genommen."),
        "model.back": _("Zurück zum Modell davor."),
        "thresholds.used": _("Schwellen eingeschaltet."),
        "thresholds.back": _("Zurück zu den Schwellen davor."),
        "source.added": _("Quelle hinzugefügt."),
        "check.taken": _("Faktencheck in den Katalog aufgenommen."),
        "check.left": _("Faktencheck nicht gebraucht."),
        "check.offered": _("Faktencheck wieder angeboten."),
        "source.changed": _("Quelle geändert."),
        "source.refused": _("Quelle abgelehnt: Die Prüfliste wurde nicht bestätigt."),
        "source.vouched": _("Prüfliste der Quelle bestätigt."),
        "rumour.refused": _("Gerücht abgelehnt: Die Prüfliste wurde nicht bestätigt."),
        "rumour.vouched": _("Prüfliste des Gerüchts bestätigt."),
        "source.located": _("Ort der Quelle gesetzt."),
        "source.paused": _("Quelle angehalten."),
        "source.resumed": _("Quelle wieder aufgenommen."),
        "source.removed": _("Quelle entfernt."),
        "source.moved": _("Quelle ist umgezogen und wird an der neuen Adresse gefragt."),
        "source.ended": _("Quelle wurde vom Betreiber eingestellt und wird nicht mehr gefragt."),
        "source.told_failing": _("Gemeldet, dass die Quelle nicht antwortet."),
        "source.told_silent": _("Gemeldet, dass die Quelle ungewöhnlich still ist."),
        "source.told_ended": _("Gemeldet, dass die Quelle eingestellt wurde."),
        "source.told_well": _("Gemeldet, dass die Quelle wieder in Ordnung ist."),
        "token.made": _("Zugang für ein Programm gemacht."),
        "token.revoked": _("Zugang eines Programms zurückgenommen."),
        "selftest.sent": _("Selbsttest verschickt."),
        "selftest.answered": _("Selbsttest beantwortet."),
        "source.timed": _("Zeitplan der Quelle geändert."),
        "person.set_up": _("Arbeitsplatz eingerichtet."),
        "person.invited": _("Person eingeladen."),
        "person.invited_again": _("Einladung erneuert."),
        "incident.posts_left": _(
            "Ein Vorschlag wurde zurückgenommen; der Beitrag gehört nicht mehr hierher."
        ),
        "incident.assessed": _("Folgen eingeschätzt und entschieden."),
        "incident.checked": _("Prüfschritt erledigt."),
        "incident.unchecked": _("Prüfschritt zurückgenommen."),
        "incident.handed_back": _("Zurückgegeben: Es geschah nichts, deshalb wird wieder gerufen."),
        "incident.passed_on": _("Kann nicht übernehmen; die nächste Person wird gefragt."),
        "incident.link_refused": _("Ein Link aus einer Mail wurde benutzt und nicht angenommen."),
        "incident.mail_refused": _("Eine Antwort per Mail wurde nicht angenommen."),
        "incident.handed_over": _("Vorfall übergeben."),
        "incident.handover_accepted": _("Übergabe angenommen."),
        "incident.note_edited": _("Eigene Notiz geändert."),
        "incident.note_withdrawn": _("Eigene Notiz zurückgenommen."),
        "incident.file_added": _("Datei abgelegt."),
        "incident.file_removed": _("Datei gelöscht."),
        "incident.merged": _("Ein anderer Vorfall geht hier weiter."),
        "incident.merged_away": _("Geht in einem anderen Vorfall weiter."),
        "incident.parted": _("Zusammenführung aufgehoben."),
        "incident.split": _("Beiträge einem anderen Gerücht zugeordnet."),
        "incident.split_from": _("Beiträge aus einem anderen Vorfall übernommen."),
        "person.joined": _("Einladung angenommen."),
        "person.language": _("Eigene Sprache gewählt."),
        "person.changed": _("Person geändert."),
        "shift.added": _("Bereitschaft eingeteilt."),
        "shift.removed": _("Bereitschaft gestrichen."),
        "layer.added": _("Plan der Bereitschaft angelegt."),
        "layer.changed": _("Plan der Bereitschaft geändert."),
        "layer.removed": _("Plan der Bereitschaft gestrichen."),
        "absence.added": _("Abwesenheit eingetragen."),
        "absence.removed": _("Abwesenheit gestrichen."),
        "absence.read": _("Abwesenheiten aus einem Kalender gelesen."),
        "absence.calendar_added": _("Kalender für Abwesenheiten eingetragen."),
        "absence.calendar_removed": _("Kalender für Abwesenheiten entfernt."),
        "learner.added": _("Jemand lernt in der Bereitschaft mit."),
        "learner.removed": _("Mitlernen in der Bereitschaft beendet."),
        "policy.changed": _("Regeln der Alarmierung geändert."),
        "rota.undone": _("Änderung am Dienstplan zurückgenommen."),
        "gateway.added": _("Gateway für Alarme eingetragen."),
        "gateway.changed": _("Gateway für Alarme geändert."),
        "gateway.removed": _("Gateway für Alarme entfernt."),
        "way.added": _("Weg für Alarme eingetragen."),
        "way.removed": _("Weg für Alarme gestrichen."),
        "way.tested": _("Test auf einem anderen Weg verschickt."),
        "way.confirmed": _("Test auf einem anderen Weg bestätigt."),
        "ring.sent": _("Alarm auf einem anderen Weg verschickt."),
        "ring.failed": _("Alarm auf einem anderen Weg gescheitert."),
        "ring.cancelled": _("Alarm auf einem anderen Weg nicht mehr nötig."),
        "shift.changed": _("Schichtwechsel: Übergabe festgehalten."),
        "rota.gap": _("Vor einer Lücke im Dienstplan gewarnt."),
        "rota.feed_made": _("Adresse für den eigenen Dienstkalender gemacht."),
        "rota.feed_dropped": _("Adresse für den eigenen Dienstkalender zurückgenommen."),
        "swap.offered": _("Tausch der Bereitschaft angefragt."),
        "swap.accepted": _("Tausch der Bereitschaft vereinbart."),
        "swap.declined": _("Tausch der Bereitschaft abgelehnt."),
        "swap.withdrawn": _("Anfrage zum Tausch zurückgezogen."),
        "settings.changed": _("Einstellungen geändert."),
        "inbox.tested": _("Postfach geprüft."),
        "mail.tested": _("Probemail verschickt."),
        "mail.unreachable": _("Mailadresse nimmt nichts an; als nicht erreichbar vermerkt."),
        "mail.refused": _("Eine eingegangene Mail wurde nicht angenommen."),
        "maintenance.planned": _("Wartung eingetragen."),
        "maintenance.summed_up": _("Gemeldet, was eine Wartung zurückgehalten hat."),
        "maintenance.ended": _("Wartung vorzeitig beendet."),
        "person.quiet": _("Ruhezeit geändert."),
        "mail.confirmed": _("Probemail bestätigt."),
        "drill.started": _("Übung begonnen."),
        "drill.removed": _("Übung entfernt."),
        "drill.planned": _("Übung des Teams geplant."),
        "drill.called_off": _("Übung des Teams abgesagt."),
        "drill.missed": _("Übung des Teams ausgefallen."),
        "drill.ended": _("Übung des Teams beendet."),
        "drill.broken_off": _("Übung des Teams abgebrochen."),
        "drill.overdue": _("An die nächste Übung erinnert."),
        **story_channels.sentences(),
    }
