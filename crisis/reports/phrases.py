"""Times, counts and states in the words of a report, German and English. Composes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

from crisis.figures.spans import Met, Step, Summary
from crisis.types import IncidentState, ResponseState, RumourStatus, Severity

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEVERITIES = {
    Severity.LOW: ("niedrig", "low"),
    Severity.ELEVATED: ("erhöht", "elevated"),
    Severity.HIGH: ("hoch", "high"),
    Severity.URGENT: ("dringend", "urgent"),
}
STATES = {
    IncidentState.NEW: ("neu, noch nicht übernommen", "new, not taken yet"),
    IncidentState.ACKNOWLEDGED: ("übernommen", "taken"),
    IncidentState.ANSWERING: ("Antwort in Arbeit", "answer in progress"),
    IncidentState.CORRECTED: ("richtiggestellt, wird beobachtet", "corrected, being watched"),
    IncidentState.CLOSED: ("abgeschlossen", "closed"),
    IncidentState.DISMISSED: ("verworfen", "dismissed"),
}
STATUSES = {
    RumourStatus.SUSPECTED: ("in Prüfung", "being verified"),
    RumourStatus.FALSE: ("falsch", "false"),
    RumourStatus.MISLEADING: ("irreführend", "misleading"),
    RumourStatus.OUT_OF_CONTEXT: ("aus dem Zusammenhang gerissen", "taken out of context"),
    RumourStatus.SATIRE: ("Satire", "satire"),
    RumourStatus.TRUE: ("trifft doch zu", "true after all"),
}
ANSWERS = {
    ResponseState.SUBMITTED: ("wartet auf Freigabe", "waits for release"),
    ResponseState.RELEASED: ("veröffentlicht", "published"),
    ResponseState.SUPERSEDED: ("durch neuere Fassung ersetzt", "replaced by a newer version"),
    ResponseState.WITHDRAWN: ("zurückgezogen", "withdrawn"),
    ResponseState.DRAFT: ("Entwurf", "draft"),
}
STEPS = {
    Step.DETECTION: ("Erkennung", "Detection"),
    Step.ALERT: ("Alarmierung", "Alert"),
    Step.ACKNOWLEDGEMENT: ("Übernahme", "Acknowledgement"),
    Step.ANSWER: ("Antwort", "Answer"),
    Step.CORRECTION: ("Richtigstellung", "Correction"),
}
MET = {
    Met.MET: ("erreicht", "met"),
    Met.MISSED: ("verfehlt", "missed"),
    Met.UNKNOWN: ("noch offen", "still open"),
    Met.NOTHING: ("–", "–"),
}


class Tongue:
    """One language, and the authority's clock."""

    def __init__(self, lang: str, zone: tzinfo) -> None:
        self.lang = "de" if lang.startswith("de") else "en"
        self.zone = zone

    def __call__(self, de: str, en: str) -> str:
        """The one of two sentences."""
        return de if self.lang == "de" else en

    def pick(self, both: tuple[str, str]) -> str:
        """The one of two words."""
        return self(*both)

    def many(self, count: int, de: tuple[str, str], en: tuple[str, str]) -> str:
        """A number and its noun, for one and for several: "1 Beitrag", "1.204 Beiträge"."""
        one, several = self.pick((de[0], en[0])), self.pick((de[1], en[1]))
        return f"{self.number(count)} {one if count == 1 else several}"

    def number(self, count: int) -> str:
        """A count with its thousands marked."""
        return f"{count:,}".replace(",", self(".", ","))

    def day(self, at: datetime) -> str:
        """ "23.11.2026"."""
        local = at.astimezone(self.zone)
        if self.lang == "de":
            return f"{local.day}.{local.month}.{local.year}"
        return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"

    def clock(self, at: datetime) -> str:
        """ "15:04 Uhr"."""
        local = at.astimezone(self.zone)
        return f"{local:%H:%M}" + self(" Uhr", "")

    def moment(self, at: datetime | None, *, beside: datetime | None = None) -> str:
        """Day and time; the time alone on the same day as ``beside``; "–" of nothing."""
        if at is None:
            return "–"
        if beside is not None and self.day(at) == self.day(beside):
            return self.clock(at)
        return f"{self.day(at)}, {self.clock(at)}"

    def length(self, span: timedelta) -> str:
        """How long: "45 Min.", "2 Std. 5 Min.", "3 Tage"."""
        minutes = max(0, round(span.total_seconds() / 60))
        if minutes < 120:
            return f"{minutes} " + self("Min.", "min")
        if minutes < 48 * 60:
            hours, rest = divmod(minutes, 60)
            tail = f" {rest} " + self("Min.", "min") if rest else ""
            return f"{hours} " + self("Std.", "h") + tail
        return self.many(round(minutes / 1440), ("Tag", "Tage"), ("day", "days"))

    def median(self, one: Summary) -> str:
        """A median, or what is known of it."""
        if one.median is not None:
            return self.length(timedelta(minutes=one.median))
        if not one.counted:
            return "–"
        return self("über ", "over ") + self.length(timedelta(minutes=one.longest))

    def all_of(self, parts: Sequence[str]) -> str:
        """ "a, b und c"."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {self('und', 'and')} {parts[-1]}"
