"""Read the header of a playbook: a few fields in YAML between two lines of three dashes.

Takes every value as text, so that ``sprache: no`` stays Norwegian and no date becomes an object.
Refuses what a header never needs and an attacker might: aliases, tags, depth. Forgives what people who
never saw YAML write: a colon in a title. Does not judge the values: see ``parse`` and ``check``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import yaml

from crisis.playbooks.front_matter import compose
from crisis.playbooks.problem import Problem, Severity
from crisis.playbooks.tolerance import quote_plain_values

MOST_CHARACTERS = 20_000  # of a header; a long one has 4,000

# Our name of a field: what people write, German first.
_NAMES = {
    "title": ("titel", "title"),
    "lang": ("sprache", "lang", "language"),
    "rumours": ("geruechte", "rumours", "rumors"),
    "topics": ("themen", "topics"),
    "audience": ("zielgruppe", "audience"),
    "channels": ("kanaele", "channels"),
    "owner": ("verantwortlich", "owner"),
    "contact": ("kontakt", "contact"),
    "risk": ("risiko", "risk"),
    "valid_until": ("gueltig_bis", "valid_until"),
    "review_by": ("pruefen_bis", "review_by"),
    "placeholders": ("platzhalter", "placeholders"),
    "pictures": ("bilder", "pictures"),
    "sources": ("quellen", "sources"),
    "checksums": ("pruefsummen", "checksums"),  # of pictures: see ``pins``
}
_PLACEHOLDER_NAMES = {
    "name": ("name",),
    "kind": ("typ", "type"),
    "check": ("pruefung", "check"),
    "choices": ("auswahl", "choices"),
    "hint": ("hinweis", "hint"),
    "example": ("beispiel", "example"),
}
_PICTURE_NAMES = {
    "file": ("datei", "file"),
    "alt": ("alternativtext", "alt"),
    "source": ("quelle", "source"),
}


def _by_word(names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {word: name for name, written in names.items() for word in written}


FIELDS = _by_word(_NAMES)
PLACEHOLDER_FIELDS = _by_word(_PLACEHOLDER_NAMES)
PICTURE_FIELDS = _by_word(_PICTURE_NAMES)
GERMAN = {name: written[0] for name, written in _NAMES.items()}
_SCALARS = ("title", "lang", "audience", "owner", "contact", "risk", "valid_until", "review_by")
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
    kind: Text | None = None
    check: Text | None = None
    choices: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A declared picture, as written; ``file`` is "" where it is missing."""

    file: Text
    alt: str = ""
    source: str = ""


@dataclass(slots=True)
class Header:
    """What the header says, by our names of the fields, and what was wrong with it."""

    file: str
    scalars: dict[str, Text] = field(default_factory=dict)
    lists: dict[str, list[Text]] = field(default_factory=dict)
    placeholders: list[Blank] = field(default_factory=list)
    pictures: list[Image] = field(default_factory=list)
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
    node = compose(lambda line, code, say: header.note(line, "error", code, *say), text, first_line)
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
            elif name == "pictures":
                self.pictures(value)
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
        choices: list[Text] = []
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            name = self.name(key, PLACEHOLDER_FIELDS, [*found, *(["choices"] if choices else [])])
            if name == "choices":
                choices = self.texts(key.value, value, split=True) or []
                continue
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
        self.declare(
            Blank(
                name_,
                hint=_value(found, "hint"),
                example=_value(found, "example"),
                kind=found.get("kind"),
                check=found.get("check"),
                choices=tuple(choices),
            )
        )

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

    def pictures(self, node: yaml.Node) -> None:
        items = node.value if isinstance(node, yaml.SequenceNode) else None
        if items is None and not (isinstance(node, yaml.ScalarNode) and not node.value.strip()):
            self.header.note(
                self.at(node),
                "error",
                "field-shape",
                "Jedes Bild beginnt mit einer eigenen Zeile „  - datei: …“.",
                'Every picture begins with a line of its own, "  - file: …".',
            )
        for item in items or []:
            found: dict[str, Text] = {}
            pairs = item.value if isinstance(item, yaml.MappingNode) else ()
            if isinstance(item, yaml.ScalarNode):
                found["file"] = Text(item.value.strip(), self.at(item))
            for key, value in pairs:
                name = self.name(key, PICTURE_FIELDS, list(found))
                text = self.scalar(key.value, value) if name else None
                if name and text:
                    found[name] = text
            file = found.get("file", Text("", self.at(item)))
            self.header.pictures.append(
                Image(file, alt=_value(found, "alt"), source=_value(found, "source"))
            )


def _value(found: Mapping[str, Text], name: str) -> str:
    text = found.get(name)
    return text.value if text else ""
