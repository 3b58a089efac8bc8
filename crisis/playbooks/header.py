"""Read the header of a playbook: a few fields in YAML between two lines of three dashes.

Takes every value as text, so that ``sprache: no`` stays Norwegian and no date becomes an object.
Refuses what a header never needs and an attacker might: aliases, tags, depth. Forgives what people who
never saw YAML write: a colon in a title. Does not judge the values: see ``parse`` and ``check``.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field

import yaml

from crisis.playbooks.problem import Problem, Severity
from crisis.playbooks.tolerance import quote_plain_values

MOST_CHARACTERS = 20_000  # of a header; a long one has 2,000
MOST_DEPTH = 6
MOST_ITEMS = 500  # of all kinds together; a long header has 100

# What people write, in German and English -> our name of the field.
FIELDS = {
    "titel": "title",
    "title": "title",
    "sprache": "lang",
    "lang": "lang",
    "language": "lang",
    "geruechte": "rumours",
    "rumours": "rumours",
    "rumors": "rumours",
    "themen": "topics",
    "topics": "topics",
    "zielgruppe": "audience",
    "audience": "audience",
    "kanaele": "channels",
    "channels": "channels",
    "verantwortlich": "owner",
    "owner": "owner",
    "gueltig_bis": "valid_until",
    "valid_until": "valid_until",
    "platzhalter": "placeholders",
    "placeholders": "placeholders",
    "quellen": "sources",
    "sources": "sources",
}
PLACEHOLDER_FIELDS = {
    "name": "name",
    "hinweis": "hint",
    "hint": "hint",
    "beispiel": "example",
    "example": "example",
}
GERMAN = {
    "title": "titel",
    "lang": "sprache",
    "rumours": "geruechte",
    "topics": "themen",
    "audience": "zielgruppe",
    "channels": "kanaele",
    "owner": "verantwortlich",
    "valid_until": "gueltig_bis",
    "placeholders": "platzhalter",
    "sources": "quellen",
}
_SCALARS = ("title", "lang", "audience", "owner", "valid_until")
_SPLIT = ("rumours", "topics", "channels")  # "a, b" in one line means two


@dataclass(frozen=True, slots=True)
class Text:
    """A value and the line of the file it stands on."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class Blank:
    """A declared placeholder, as written."""

    name: Text
    hint: str = ""
    example: str = ""


@dataclass(slots=True)
class Header:
    """What the header says, by our names of the fields, and what was wrong with it."""

    file: str
    scalars: dict[str, Text] = field(default_factory=dict)
    lists: dict[str, list[Text]] = field(default_factory=dict)
    placeholders: list[Blank] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # of every field that is there
    problems: list[Problem] = field(default_factory=list)

    def note(self, line: int, severity: Severity, code: str, de: str, en: str) -> None:
        """Write down a problem."""
        self.problems.append(Problem(self.file, line, severity, code, de, en))

    def value(self, name: str) -> str:
        """A single value, "" where there is none."""
        found = self.scalars.get(name)
        return found.value if found else ""

    def line(self, name: str) -> int:
        """Where a field stands; 1 where it does not."""
        return self.lines.get(name, 1)


def normal(key: str) -> str:
    """A field's name as we compare it: "Gültig-bis" is "gueltig_bis"."""
    key = key.strip().casefold().replace("-", "_").replace(" ", "_")
    return key.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")


def read_header(file: str, lines: list[str], first_line: int = 2) -> Header:
    """Read the lines between the two rows of dashes. ``first_line`` is the file's line of the first
    one. Raises nothing: whatever is wrong stands in ``problems``."""
    header = Header(file)
    text = quote_plain_values("\n".join(lines) + "\n")
    if len(text) > MOST_CHARACTERS:
        header.note(
            first_line,
            "error",
            "header-too-long",
            "Der Kopf ist zu lang. Texte gehören unter die zweite Zeile mit drei Strichen.",
            "The header is too long. Texts belong below the second line of three dashes.",
        )
        return header
    node = _compose(header, text, first_line)
    if isinstance(node, yaml.MappingNode):
        _Reader(header, first_line).fields(node)
    elif node is not None:
        header.note(
            first_line,
            "error",
            "header-no-fields",
            'Der Kopf muss aus Zeilen wie "titel: …" bestehen.',
            'The header must consist of lines such as "title: …".',
        )
    return header


def _compose(header: Header, text: str, first_line: int) -> yaml.Node | None:
    """The header as nodes that know their lines, or None if it cannot be read or is empty."""
    try:
        if not _harmless(header, text, first_line):
            return None
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        # A value that never ends is noticed at the end of the text: show where it began.
        if error.context_mark and error.context_mark.line != (mark.line if mark else 0):
            line = first_line + error.context_mark.line
        header.note(line, "error", "yaml", *_say(error.problem, error.context))
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        line = first_line + text[: getattr(error, "position", 0) or 0].count("\n")
        header.note(line, "error", "yaml", *_say("unacceptable character", None))
    return None


def _harmless(header: Header, text: str, first_line: int) -> bool:
    """Look at the events before anything is built from them."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.BaseLoader)):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH or count > MOST_ITEMS * 2:
            header.note(
                line,
                "error",
                "yaml-depth",
                "Der Kopf ist zu verschachtelt oder hat zu viele Einträge.",
                "The header is nested too deeply or has too many entries.",
            )
            return False
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            header.note(
                line,
                "error",
                "yaml-alias",
                "Werte dürfen nicht mit &, * oder ! beginnen. "
                "Setzen Sie den Wert in Anführungszeichen.",
                "Values must not begin with &, * or !. Put the value in quotation marks.",
            )
            return False
    return True


_SENTENCES = (
    (
        "document",
        "Der Kopf enthält eine weitere Trennlinie. Er endet mit genau einer Zeile aus drei Strichen.",
        "The header holds another separator. It ends with exactly one line of three dashes.",
    ),
    (
        r"'\\t'",
        "Hier steht ein Tabulator. Rücken Sie mit Leerzeichen ein.",
        "There is a tab here. Indent with spaces.",
    ),
    (
        "mapping values",
        "Ein Doppelpunkt steht hier falsch. Setzen Sie den Wert in Anführungszeichen.",
        "A colon is not understood here. Put the value in quotation marks.",
    ),
    (
        "quoted scalar",
        "Ein Anführungszeichen wird nicht geschlossen.",
        "A quotation mark is not closed.",
    ),
    (
        "flow (sequence|mapping|node)|',' or",
        "Eine eckige oder geschweifte Klammer wird nicht geschlossen.",
        "A bracket or brace is not closed.",
    ),
    (
        "could not find expected ':'|simple key",
        "Hier fehlt ein Doppelpunkt nach dem Namen des Feldes, oder die Einrückung stimmt nicht.",
        "A colon is missing after the field's name, or the indentation is wrong.",
    ),
    (
        "block (end|mapping|collection)|indent",
        "Die Einrückung stimmt nicht. Zusammengehöriges beginnt in derselben Spalte.",
        "The indentation is wrong. What belongs together begins in the same column.",
    ),
    (
        "unacceptable character",
        "Hier steht ein Zeichen, das nicht gelesen werden kann.",
        "There is a character here that cannot be read.",
    ),
)


def _say(problem: str | None, context: str | None) -> tuple[str, str]:
    for words in (problem or "", context or ""):
        for pattern, de, en in _SENTENCES:
            if re.search(pattern, words):
                return de, en
    return (
        "Diese Zeile des Kopfes kann nicht gelesen werden. Vergleichen Sie sie mit einem Beispiel.",
        "This line of the header cannot be read. Compare it with an example.",
    )


class _Reader:
    """Walks the nodes of one header and writes what it finds into it."""

    def __init__(self, header: Header, first_line: int) -> None:
        self.header = header
        self.first = first_line

    def at(self, node: yaml.Node) -> int:
        return self.first + (node.start_mark.line if node.start_mark else 0)

    def fields(self, node: yaml.MappingNode) -> None:
        for key, value in node.value:
            name = self.name(key, FIELDS, list(self.header.lines))
            if name is None:
                continue
            self.header.lines[name] = self.at(key)
            if name == "placeholders":
                self.blanks(value)
            elif name in _SCALARS:
                found = self.scalar(key.value, value)
                if found is not None and found.value:
                    self.header.scalars[name] = found
            else:
                texts = self.texts(key.value, value, split=name in _SPLIT)
                if texts is not None:
                    self.header.lists[name] = texts

    def name(self, key: yaml.Node, known: dict[str, str], seen: list[str]) -> str | None:
        """Our name of a field, or None if it is unknown or comes a second time."""
        written = key.value if isinstance(key, yaml.ScalarNode) else "?"
        name = known.get(normal(written))
        if name is None:
            close = difflib.get_close_matches(normal(written), known, n=1, cutoff=0.6)
            self.header.note(
                self.at(key),
                "warning",
                "field-unknown",
                f"Das Feld „{written}“ gibt es nicht; es wird nicht beachtet."
                + (f" Meinten Sie „{close[0]}“?" if close else ""),
                f'There is no field "{written}"; it is ignored.'
                + (f' Did you mean "{close[0]}"?' if close else ""),
            )
        elif name in seen:
            self.header.note(
                self.at(key),
                "error",
                "field-twice",
                f"Das Feld „{written}“ steht zweimal da.",
                f'The field "{written}" is there twice.',
            )
            return None
        return name

    def scalar(self, field_name: str, node: yaml.Node) -> Text | None:
        if isinstance(node, yaml.ScalarNode):
            return Text(" ".join(node.value.split()), self.at(node))
        self.header.note(
            self.at(node),
            "error",
            "field-shape",
            f"Bei „{field_name}“ darf nur ein einzelner Wert stehen, keine Liste.",
            f'"{field_name}" takes a single value, not a list.',
        )
        return None

    def texts(self, field_name: str, node: yaml.Node, *, split: bool) -> list[Text] | None:
        if isinstance(node, yaml.ScalarNode):
            pieces = node.value.split(",") if split else [node.value]
            found = [Text(" ".join(piece.split()), self.at(node)) for piece in pieces]
            return [text for text in found if text.value]
        if isinstance(node, yaml.SequenceNode):
            items = [self.scalar(field_name, item) for item in node.value]
            return [item for item in items if item is not None and item.value]
        self.header.note(
            self.at(node),
            "error",
            "field-shape",
            f"Bei „{field_name}“ muss eine Liste stehen, zum Beispiel [eins, zwei].",
            f'"{field_name}" takes a list, for example [one, two].',
        )
        return None

    def blanks(self, node: yaml.Node) -> None:
        items = node.value if isinstance(node, yaml.SequenceNode) else None
        if items is None and not (isinstance(node, yaml.ScalarNode) and not node.value.strip()):
            self.header.note(
                self.at(node),
                "error",
                "field-shape",
                "Jeder Platzhalter beginnt mit einer eigenen Zeile „  - name: …“.",
                'Every placeholder begins with a line of its own, "  - name: …".',
            )
        for item in items or []:
            self.blank(item)

    def blank(self, node: yaml.Node) -> None:
        if isinstance(node, yaml.ScalarNode):
            self.declare(Blank(Text(node.value.strip(), self.at(node))))
            return
        found: dict[str, Text] = {}
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            name = self.name(key, PLACEHOLDER_FIELDS, list(found))
            text = self.scalar(key.value, value) if name else None
            if name and text:
                found[name] = text
        name_ = found.get("name")
        if name_ is None or not name_.value:
            self.header.note(
                self.at(node),
                "error",
                "placeholder-unnamed",
                "Diesem Platzhalter fehlt der Name („name: …“).",
                'This placeholder has no name ("name: …").',
            )
            return
        hint, example = found.get("hint"), found.get("example")
        self.declare(Blank(name_, hint.value if hint else "", example.value if example else ""))

    def declare(self, blank: Blank) -> None:
        if blank.name.value in (known.name.value for known in self.header.placeholders):
            self.header.note(
                blank.name.line,
                "error",
                "placeholder-twice",
                f"Der Platzhalter „{blank.name.value}“ ist zweimal angelegt.",
                f'The placeholder "{blank.name.value}" is declared twice.',
            )
            return
        self.header.placeholders.append(blank)
