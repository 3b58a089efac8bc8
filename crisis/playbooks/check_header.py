"""What may be wrong with the header of a playbook, beyond what keeps it from being read."""

from __future__ import annotations

import difflib
import re
from collections.abc import Container, Iterable
from datetime import date, timedelta

from crisis.playbooks.claims import false_words, stems
from crisis.playbooks.declared import PICTURE
from crisis.playbooks.examined import Examined
from crisis.playbooks.header import Text
from crisis.playbooks.kinds import problem_of
from crisis.playbooks.limits import channel_code, channel_words
from crisis.playbooks.parts import correction
from crisis.playbooks.personal import findings
from crisis.playbooks.sections import Kind
from crisis.playbooks.skeleton import QUESTIONS

SOON = timedelta(days=30)  # before its last day, an owner has time to renew a playbook

_HONEST = re.compile(
    r"\b(gerücht|gerüchte|rumour|rumor|falsch\w*|false|fakten?\w*|facts?|kein\w*|nicht|not?|never|"
    r"sicher\w*|safe|niemand\w*|nobody)\b",
    re.IGNORECASE,
)
LONGEST_ALT = 250  # longer descriptions belong into the text
_NO_ALT = re.compile(
    r"(?:ein |das |a |the )?(?:bild|foto|grafik|picture|photo|image|graphic)\b(?:\s+(?:von|of|der|des)\b|$)"
    r"|\S+\.(?:png|jpe?g|webp)$",
    re.IGNORECASE,
)
_CUT_OFF = re.compile(r"^[\w-]+:[ \t]+[^\"'\[{|>\s][^\n]*? #(?=\w)")


class HeaderCheck(Examined):
    """The fields, one after the other."""

    def run(self, name: str, text: str, *, today: date, rumour_ids: Container[str] | None) -> None:
        """Look at everything."""
        self.dates(today)
        self.header_only(name)
        self.remarks(text)
        self.pattern(text)
        self.channels()
        self.subjects(rumour_ids)
        self.title()
        self.pictures()
        self.people()

    def pattern(self, text: str) -> None:
        """What the pattern of a new playbook asked and nobody has answered."""
        for line, words in enumerate(text.split("\n"), 1):
            left = next((question for question in QUESTIONS if question in words), None)
            if left is not None:
                self.note(
                    line,
                    "error",
                    "pattern-left",
                    f"Hier steht noch das Muster: „{left}“ Ersetzen Sie den Satz durch Ihren eigenen.",
                    f'The pattern still stands here: "{left}" Put your own words in its place.',
                )

    def dates(self, today: date) -> None:
        last = self.reading.valid_until
        if last is None:
            return
        line = self.head.line("valid_until")
        if last < today:
            self.note(
                line,
                "error",
                "expired",
                f"Abgelaufen am {last:%d.%m.%Y}. Prüfen Sie den Inhalt und setzen Sie einen neuen Tag.",
                f"Expired on {last:%Y-%m-%d}. Review the content and set a new day.",
            )
        elif last - today <= SOON:
            self.note(
                line,
                "warning",
                "expires-soon",
                f"Läuft am {last:%d.%m.%Y} ab. Danach wird es nicht mehr angeboten.",
                f"Expires on {last:%Y-%m-%d}. It is not offered after that.",
            )

        self.review(today, last)

    def review(self, today: date, last: date) -> None:
        review = self.reading.review_by
        if review is None:
            return
        line = self.head.line("review_by")
        if review < today:
            self.note(
                line,
                "warning",
                "review-overdue",
                f"Sollte bis {review:%d.%m.%Y} wieder gelesen werden. Stimmt noch alles?",
                f"Should have been read again by {review:%Y-%m-%d}. Is everything still right?",
            )
        elif review > last:
            self.note(
                line,
                "hint",
                "review-late",
                "„pruefen_bis“ liegt nach „gueltig_bis“: Dann ist die Vorlage schon abgelaufen.",
                '"review_by" lies after "valid_until": the playbook has expired by then.',
            )

    def header_only(self, name: str) -> None:
        last = name.rsplit("/", 1)[-1]
        suffix = last.rsplit(".", 1)[-1] if "." in last else ""
        lang = self.head.value("lang").casefold()
        if suffix and lang and suffix != lang:
            self.note(
                self.head.line("lang"),
                "warning",
                "lang-name",
                f"Die Datei heißt „….{suffix}.md“, die Sprache ist aber „{lang}“.",
                f'The file is named "….{suffix}.md", but its language is "{lang}".',
            )
        for field_name, de, en in _GOOD_TO_HAVE:
            if field_name not in self.head.lines:
                self.note(1, "hint", f"{field_name}-missing", de, en)
        for blank in self.head.placeholders:
            if not blank.example:
                self.note(
                    blank.name.line,
                    "hint",
                    "placeholder-example",
                    f"„{blank.name.value}“ hat kein Beispiel. Mit Beispiel lässt sich die Länge prüfen.",
                    f'"{blank.name.value}" has no example. With one, lengths can be checked.',
                )
        kinds = {placeholder.name: placeholder for placeholder in self.reading.placeholders}
        for blank in self.head.placeholders:
            placeholder = kinds.get(blank.name.value)
            wrong = problem_of(placeholder, blank.example) if placeholder else None
            if blank.example and wrong:
                self.note(
                    blank.name.line,
                    "warning",
                    "placeholder-example-kind",
                    f"Das Beispiel „{blank.example}“ passt nicht zum Typ. {wrong[0]}",
                    f'The example "{blank.example}" does not fit its type. {wrong[1]}',
                )

    def remarks(self, text: str) -> None:
        """A value that YAML cuts off at a hash sign."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines[1:], start=2):
            if line.rstrip() == "---":
                return
            if _CUT_OFF.match(line):
                self.note(
                    number,
                    "warning",
                    "value-cut-off",
                    "Alles nach # gilt als Bemerkung und fehlt im Wert. "
                    "Setzen Sie den Wert in Anführungszeichen.",
                    "Everything after # is a remark and missing from the value. "
                    "Put the value in quotation marks.",
                )

    def channels(self) -> None:
        listed: set[str] = set()
        present = {section.channel for section in self.answers()}
        for word in self.head.lists.get("channels", []):
            code = channel_code(word.value)
            if code is None:
                self.unknown_channel(word)
            elif code not in present:
                self.note(
                    word.line,
                    "error",
                    "channel-without-answer",
                    f"Für „{word.value}“ fehlt der Abschnitt „## Antwort: {word.value}“.",
                    f'The section "## Answer: {word.value}" is missing.',
                )
            listed.add(code or "")
        if "channels" not in self.head.lists:
            return
        for section in self.answers():
            if section.channel not in listed:
                self.note(
                    section.line,
                    "error",
                    "answer-not-listed",
                    f"„{section.channel_word}“ fehlt im Kopf bei „kanaele“.",
                    f'"{section.channel_word}" is missing from "channels" in the header.',
                )

    def unknown_channel(self, word: Text) -> None:
        known = channel_words("de") + channel_words("en")
        close = difflib.get_close_matches(word.value.casefold(), known, n=1)
        self.note(
            word.line,
            "error",
            "channel-unknown",
            f"Den Kanal „{word.value}“ gibt es nicht."
            + (f" Meinten Sie „{close[0]}“?" if close else "")
            + f" Möglich sind: {', '.join(channel_words('de'))}.",
            f'There is no channel "{word.value}".'
            + (f' Did you mean "{close[0]}"?' if close else "")
            + f" Possible are: {', '.join(channel_words('en'))}.",
        )

    def subjects(self, rumour_ids: Container[str] | None) -> None:
        rumours = self.head.lists.get("rumours", [])
        if not rumours and not self.head.lists.get("topics"):
            self.note(
                1,
                "warning",
                "no-subject",
                "Weder „geruechte“ noch „themen“ sind angegeben. So wird diese Vorlage selten "
                "vorgeschlagen.",
                'Neither "rumours" nor "topics" are given. This playbook will rarely be suggested.',
            )
        for rumour in rumours:
            if rumour_ids is not None and rumour.value not in rumour_ids:
                close = _closest(rumour.value, rumour_ids)
                self.note(
                    rumour.line,
                    "warning",
                    "rumour-unknown",
                    f"Das Gerücht „{rumour.value}“ steht nicht im Katalog."
                    + (f" Meinten Sie „{close}“?" if close else ""),
                    f'The rumour "{rumour.value}" is not in the catalogue.'
                    + (f' Did you mean "{close}"?' if close else ""),
                )

    def title(self) -> None:
        title = self.head.value("title")
        line = self.head.line("title")
        if title.endswith("?"):
            self.note(
                line,
                "hint",
                "title-question",
                "Die Überschrift ist eine Frage. Viele lesen nur sie: Sagen Sie dort, was stimmt.",
                "The headline is a question. Many read nothing else: say there what is true.",
            )
        if not _HONEST.search(title) and (self._is_named(title) or self._is_warned_of(title)):
            self.note(
                line,
                "hint",
                "title-repeats-claim",
                "Die Überschrift wiederholt die falsche Behauptung. Sagen Sie besser, was stimmt.",
                "The headline repeats the false claim. Better say what is true.",
            )

    def _is_named(self, title: str) -> bool:
        """Whether the headline holds all words of a rumour's short name."""
        words = _plain(title)
        for rumour in self.head.lists.get("rumours", []):
            claim = [part for part in re.split(r"[-._]", rumour.value) if len(part) > 3]
            if claim and all(any(c[:6] in word for word in words) for c in claim):
                return True
        return False

    def _is_warned_of(self, title: str) -> bool:
        """Whether the headline says what the website's own warning says is false."""
        said = stems(title)
        for section in self.reading.sections:
            if section.kind is Kind.ANSWER and section.channel == "website":
                false = false_words(correction(section.text))
                if len(false) > 1 and len(said & false) > 1:
                    return True
        return False

    def pictures(self) -> None:
        known = {picture.file: picture.sha256 for picture in self.reading.pictures}
        for image in self.head.pictures:
            alt = image.alt.strip()
            if not known.get(image.file.value) and PICTURE.fullmatch(image.file.value):
                self.note(
                    image.file.line,
                    "error",
                    "picture-open",
                    f"Das Bild „{image.file.value}“ ist nicht dabei. Es muss neben den Vorlagen liegen.",
                    f'The picture "{image.file.value}" is not at hand. It must lie beside the playbooks.',
                )
            if not alt:
                self.note(
                    image.file.line,
                    "error",
                    "picture-alt",
                    f"Dem Bild „{image.file.value}“ fehlt „alternativtext“: Was ist darauf zu sehen?",
                    f'The picture "{image.file.value}" lacks "alt": what does it show?',
                )
            elif len(alt) > LONGEST_ALT or _NO_ALT.match(alt):
                self.note(
                    image.file.line,
                    "warning",
                    "picture-alt-poor",
                    "Der Alternativtext sagt, was zu sehen ist, in höchstens "
                    f"{LONGEST_ALT} Zeichen; nicht „Bild von“ und kein Dateiname.",
                    f"The alternative text says what is to be seen, in {LONGEST_ALT} characters at "
                    'most; not "picture of" and no name of a file.',
                )

    def people(self) -> None:
        """The owner and the contact are units; examples name nobody."""
        values = [self.head.scalars[n] for n in ("owner", "contact") if n in self.head.scalars]
        values += [Text(b.example, b.name.line) for b in self.head.placeholders if b.example]
        for value in values:
            for code, de, en, _ in findings(value.value):
                self.note(value.line, "warning", code, de, en)


_GOOD_TO_HAVE = (
    (
        "channels",
        "Im Kopf fehlt „kanaele“, die Liste der Kanäle, für die es Antworten gibt.",
        'The header lacks "channels", the list of channels there are answers for.',
    ),
    (
        "audience",
        "Im Kopf fehlt „zielgruppe“: An wen richten sich die Antworten?",
        'The header lacks "audience": whom are the answers for?',
    ),
    (
        "sources",
        "Im Kopf fehlen „quellen“: Worauf stützen sich die Antworten?",
        'The header lacks "sources": what are the answers based on?',
    ),
)


def _closest(name: str, known: Container[str]) -> str:
    names = [str(one) for one in known] if isinstance(known, Iterable) else []
    return next(iter(difflib.get_close_matches(name, names, n=1)), "")


def _plain(text: str) -> list[str]:
    text = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    return re.findall(r"\w+", text)
