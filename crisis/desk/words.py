"""Words for people: the language of a page, names of states, times in plain words.

German is the language of the sources (msgids); ``translations/en`` holds the English. Renders nothing
and decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import Enum
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, request, session, url_for
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    format_time,
    get_locale,
)
from flask_babel import to_user_timezone as local
from markupsafe import Markup, escape

from crisis.desk import here
from crisis.types import (
    Advice,
    AlertKind,
    AlertState,
    Ending,
    Gravity,
    IncidentState,
    ResponseState,
    Role,
    RumourStatus,
    Scope,
    Severity,
    Stance,
    Verdict,
)

LANGUAGES = ("de", "en")
# Whose dates: for an authority in Europe the hours of English pages go to 24 ("23 Nov 2026, 14:05").
_REGIONS = {"de": "de", "en": "en_GB"}
_TRANSLATIONS = Path(__file__).parent / "translations"


def _(text: str, **values: object) -> str:
    """The sentence in the language of this page; ``values`` go into its ``%(name)s``."""
    said = _gettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The sentence for one or for several; ``%(num)s`` is their number."""
    return _ngettext(one, many, num) % {"num": num, **values}


def _gettext(text: str) -> str:
    return _catalogue(language()).gettext(text)


def _ngettext(one: str, many: str, num: int) -> str:
    return _catalogue(language()).ngettext(one, many, num)


@cache
def _catalogue(lang: str) -> NullTranslations:
    """All sentences of a language, read once: flask-babel asks the context four times for each."""
    if lang == "de":  # the language of the sources
        return NullTranslations()
    return Translations.load(str(_TRANSLATIONS), [lang])


def install(app: Flask) -> None:
    """Choose the language of every page and give templates the words."""
    _compile()
    Babel(app, locale_selector=lambda: _REGIONS[_choose()], timezone_selector=_zone)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        _gettext, _ngettext, newstyle=True
    )
    app.before_request(_switch)
    app.jinja_env.filters.update(
        when=when,
        ago=ago,
        clock=clock,
        day=day,
        weekday=weekday,
        span=span,
        word=word,
        span_after=span_after,
        first_up=first_up,
    )
    app.jinja_env.globals.update(language=language, languages=LANGUAGES, static_file=static_file)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _compile() -> None:
    """Make the binary catalogues where they are missing or old, so that nobody has to think of it."""
    for source in _TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            with source.open("rb") as text, target.open("wb") as binary:
                write_mo(binary, read_po(text, locale=source.parts[-3]))
        except OSError:  # installed where we may not write: set-up has compiled them
            continue


@contextmanager
def spoken(lang: str) -> Iterator[None]:
    """Inside it sentences, dates and numbers are in this language ("de" or "en")."""
    with force_locale(_REGIONS.get(lang, lang)):
        yield


def _switch() -> None:
    """Remember the language somebody chose with ``?lang=``."""
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES and request.blueprint != "public":  # citizens' pages set no cookie
        session["lang"] = chosen


def _choose() -> str:
    chosen = session.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    person = here.person_or_none() if request.endpoint != "static" else None
    if person is not None and person.lang in LANGUAGES:
        return person.lang
    for wanted in request.accept_languages.values():  # best first; "en-GB" is English, too
        tag = str(wanted).partition("-")[0].lower()
        if tag in LANGUAGES:
            return tag
    return here.settings().authority.language


def _zone() -> str:
    return here.settings().authority.timezone


def language() -> str:
    """The language of this page: "de" or "en"."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "de"


def either(sentences: tuple[str, str]) -> str:
    """The one of two sentences (German, English) for this page."""
    return sentences[0 if language() == "de" else 1]


@cache
def _stamp(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_file(name: str) -> str:
    """The address of a file of ours, with a stamp, so that browsers take a new one at once."""
    path = Path(__file__).parent / "static" / name
    stamp = _stamp(path, path.stat().st_mtime) if path.is_file() else "0"
    return url_for("static", filename=name, v=stamp)


# --- times -----------------------------------------------------------------------------------


def _time(moment: datetime, text: str) -> Markup:
    exact = format_datetime(moment, "full")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment.isoformat(timespec="seconds"), exact, text
    )


def clock(moment: datetime | None) -> str:
    """The time of day: "14:05 Uhr"."""
    if moment is None:
        return ""
    text = format_time(moment, "short")
    return f"{text} Uhr" if language() == "de" else str(text)


def when(moment: datetime | None) -> Markup:
    """Day and time, the nearer the shorter: "heute, 14:05 Uhr", "gestern, …", "21.11.2026, …"."""
    if moment is None:
        return Markup("")
    return _when(moment, here.today(), here.zone().key, language())


@lru_cache(maxsize=16_384)  # half the time of a long list went into its times
def _when(moment: datetime, today: date, _zone: str, _lang: str) -> Markup:
    """The same words for the same moment, day, time zone and language; these two are the page's own."""
    days = (today - local(moment).date()).days
    names = {0: _("heute"), 1: _("gestern"), -1: _("morgen")}
    name = names.get(days) or format_date(moment, "medium")
    return _time(moment, f"{name}, {clock(moment)}")


def day(value: date | datetime | None) -> str:
    """A date: "21.11.2026"."""
    if value is None:
        return ""
    return str(format_date(value, "medium"))


def weekday(value: date) -> str:
    """The short name of a day of the week: "Mo."."""
    return str(format_date(value, "EEE"))


def ago(moment: datetime | None) -> Markup:
    """How long since, or until: "vor 5 Minuten", "in 2 Stunden"."""
    if moment is None:
        return Markup("")
    past = here.now() - moment
    if abs(past) < timedelta(seconds=45):
        return _time(moment, _("gerade eben") if past >= timedelta() else _("gleich"))
    if past > timedelta():
        return _time(moment, _("vor %(span)s", span=_span(past, after_preposition=True)))
    return _time(moment, _("in %(span)s", span=_span(-past, after_preposition=True)))


def span(length: timedelta | None) -> str:
    """A length of time, in the largest unit that still says enough: "12 Minuten"."""
    return "" if length is None else _span(length)


def span_after(length: timedelta) -> str:
    """A length of time as it stands after "nach": "12 Minuten", "2 Tagen"."""
    return _span(length, after_preposition=True)


def _span(length: timedelta, *, after_preposition: bool = False) -> str:
    seconds = max(0, round(length.total_seconds()))
    if seconds < 90:
        return ngettext("%(num)s Sekunde", "%(num)s Sekunden", seconds)
    minutes = round(seconds / 60)
    if minutes < 90:
        return ngettext("%(num)s Minute", "%(num)s Minuten", minutes)
    hours = round(seconds / 3600)
    if hours < 36:
        return ngettext("%(num)s Stunde", "%(num)s Stunden", hours)
    days = round(seconds / 86400)
    if after_preposition:  # German: "2 Tage", but "vor 2 Tagen"
        return ngettext("%(num)s Tag", "%(num)s Tagen", days)
    return ngettext("%(num)s Tag", "%(num)s Tage", days)


def first_up(text: str) -> str:
    """With a capital letter to begin with; the others stay, unlike Jinja's ``capitalize``."""
    return text[:1].upper() + text[1:]


# --- names of things -------------------------------------------------------------------------


def word(value: Enum | None) -> str:
    """What people call this state, severity, role …"""
    if value is None:
        return ""
    return str(_names(language())[type(value)][value])


@cache  # a long list asks hundreds of times
def _names(_lang: str) -> dict[type[Enum], dict[Enum, str]]:
    """Made once in each language. By class: values of two classes may be the same."""
    return {
        Severity: {
            Severity.LOW: _("niedrig"),
            Severity.ELEVATED: _("erhöht"),
            Severity.HIGH: _("hoch"),
            Severity.URGENT: _("dringend"),
        },
        Gravity: {
            Gravity.UNKNOWN: _("ohne Stufe"),
            Gravity.MINOR: _("gering"),
            Gravity.MODERATE: _("mittel"),
            Gravity.SEVERE: _("schwer"),
            Gravity.EXTREME: _("extrem"),
        },
        IncidentState: {
            IncidentState.NEW: _("neu"),
            IncidentState.ACKNOWLEDGED: _("übernommen"),
            IncidentState.ANSWERING: _("Antwort in Arbeit"),
            IncidentState.CORRECTED: _("richtiggestellt"),
            IncidentState.CLOSED: _("abgeschlossen"),
            IncidentState.DISMISSED: _("verworfen"),
        },
        ResponseState: {
            ResponseState.DRAFT: _("Entwurf"),
            ResponseState.SUBMITTED: _("wartet auf Freigabe"),
            ResponseState.RELEASED: _("veröffentlicht"),
            ResponseState.SUPERSEDED: _("durch neuere Fassung ersetzt"),
            ResponseState.WITHDRAWN: _("zurückgezogen"),
            ResponseState.DISCARDED: _("weggelegt"),
        },
        RumourStatus: {
            RumourStatus.SUSPECTED: _("in Prüfung"),
            RumourStatus.FALSE: _("falsch"),
            RumourStatus.MISLEADING: _("irreführend"),
            RumourStatus.OUT_OF_CONTEXT: _("aus dem Zusammenhang gerissen"),
            RumourStatus.SATIRE: _("Satire"),
            RumourStatus.TRUE: _("trifft doch zu"),
        },
        Stance: {
            Stance.SPREADS: _("verbreitet"),
            Stance.ASKS: _("fragt nach"),
            Stance.CORRECTS: _("widerspricht"),
        },
        Verdict: {
            Verdict.FITS: _("passt"),
            Verdict.DOES_NOT_FIT: _("passt nicht"),
            Verdict.CORRECTS: _("stellt richtig"),
            Verdict.SEEN_BEFORE: _("schon gesehen"),
        },
        Advice: {
            Advice.NONE: _("bewusst nicht antworten"),
            Advice.WATCH: _("Antwort bereithalten und beobachten"),
            Advice.WEBSITE: _("nur auf der Website antworten"),
            Advice.ANSWER: _("jetzt auf allen Kanälen antworten"),
        },
        Ending: {
            Ending.CORRECTED: _("Richtiggestellt, seither ruhig"),
            Ending.FADED: _("Von selbst eingeschlafen"),
            Ending.TRUE: _("Stimmte doch"),
            Ending.NOT_OURS: _("Dafür ist jemand anderes zuständig"),
            Ending.OTHER: _("Anderes"),
        },
        Role: {
            Role.DUTY: _("Bereitschaft"),
            Role.AUTHOR: _("Redaktion"),
            Role.DRAFTER: _("Entwürfe"),
            Role.APPROVER: _("Freigabe"),
            Role.ADMIN: _("Verwaltung"),
        },
        AlertState: {
            AlertState.PENDING: _("wartet"),
            AlertState.SENT: _("verschickt"),
            AlertState.FAILED: _("gescheitert"),
            AlertState.CANCELLED: _("nicht mehr nötig"),
        },
        Scope: {
            Scope.POSTS: _("Beiträge übergeben"),
            Scope.METRICS: _("Messwerte lesen"),
        },
        AlertKind: {
            AlertKind.RAISED: _("neuer Vorfall"),
            AlertKind.REOPENED: _("neue Welle"),
            AlertKind.ESCALATED: _("weitergereicht"),
            AlertKind.WORSE: _("dringlicher geworden"),
            AlertKind.TAKEN: _("ist übernommen"),
            AlertKind.STILL: _("noch nichts geschehen"),
            AlertKind.BUNDLE: _("mehrere in einer Mail"),
            AlertKind.UNREACHABLE: _("jemand ist nicht erreichbar"),
            AlertKind.INVITATION: _("Einladung"),
            AlertKind.TEST: _("Probe"),
            AlertKind.HELD: _("nach einer Wartung"),
            AlertKind.HANDOVER: _("Übergabe der Schicht"),
            AlertKind.ALONE: _("allein freigegeben"),
            AlertKind.UNPUBLISHED: _("nicht veröffentlicht"),
            AlertKind.REVIEW: _("Prüfung eines Textes"),
            AlertKind.UPDATE: _("nächste Meldung bestätigen"),
            AlertKind.REMINDER: _("Erinnerung an Vorlagen"),
            AlertKind.SOURCES: _("Zustand der Quellen"),
            AlertKind.DRILL: _("Übung des Teams"),
            AlertKind.COPY: _("zum Mitlernen"),
            AlertKind.ROTA: _("Dienstplan"),
            AlertKind.WATCHDOG: _("Hilferuf nach draußen"),
        },
    }


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> Markup:
    """A post's text, escaped, with the words that matched marked. ``marks`` are [start, end)."""
    parts: list[Markup] = []
    position = 0
    for start, end in marks:
        if not position <= start < end <= len(text):
            continue  # marks of an older text of this post
        parts.append(escape(text[position:start]))
        parts.append(Markup("<mark>{}</mark>").format(text[start:end]))
        position = end
    parts.append(escape(text[position:]))
    return Markup("").join(parts)
