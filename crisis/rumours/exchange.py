"""The catalogue as CSV or JSON lines, there and back without loss. Reads and writes text, no files.

Tables open in a spreadsheet: semicolons between columns (as German Excel wants them), a byte order mark,
several values of a cell on lines of their own, parts of a fact between bars. A cell that a spreadsheet
would take for a formula gets an apostrophe in front (OWASP, "CSV Injection"), which is taken off again on
the way back. Reading takes commas and tabs as well, and German column names.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from crisis.errors import InvalidInputError
from crisis.rumours import entry
from crisis.rumours.fields import CellError, facts_of, to_rumour
from crisis.types import Fact, Rumour

Format = Literal["csv", "jsonl"]
FORMATS: tuple[Format, ...] = ("csv", "jsonl")
MOST_ROWS = 20_000
MOST_PROBLEMS = 50  # named one by one; the rest is counted
_LONGEST_CELL = 5_000_000  # characters; csv's own limit of 131,072 is below 1,000 long phrasings
COLUMNS = ("id", "title", "text", "variants", "lang", "topics", "status", "facts", "valid_until",
           "retired")  # fmt: skip
_IGNORED = frozenset({"created", "updated"})  # ours to say
_GERMAN = {
    "kennung": "id",
    "titel": "title",
    "behauptung": "text",
    "formulierungen": "variants",
    "varianten": "variants",
    "sprache": "lang",
    "themen": "topics",
    "stand": "status",
    "fakten": "facts",
    "gueltig_bis": "valid_until",
    "gültig bis": "valid_until",
    "zurückgezogen": "retired",
}
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one line cannot be taken. ``line`` counts from 1."""

    line: int
    de: str
    en: str


def read_rows(text: str, form: Format) -> list[Rumour]:
    """The entries in ``text``. An entry without an id gets one made of its title or claim.

    Raises InvalidInputError listing every line that cannot be taken, and why.
    """
    rumours, found = examine(text, form)
    if not found:
        return rumours
    shown = found[:MOST_PROBLEMS]
    de = [f"Zeile {p.line}: {p.de}" for p in shown]
    en = [f"Line {p.line}: {p.en}" for p in shown]
    if len(found) > len(shown):
        de.append(f"… und {len(found) - len(shown)} weitere.")
        en.append(f"… and {len(found) - len(shown)} more.")
    raise InvalidInputError("\n".join(de), "\n".join(en))


def examine(text: str, form: Format) -> tuple[list[Rumour], list[RowProblem]]:
    """As ``read_rows``, but raises nothing: the good entries, and what is wrong with the others."""
    text = text.removeprefix("\ufeff")
    rows = _json_rows(text) if form == "jsonl" else _csv_rows(text)
    taken: dict[str, int] = {}
    rumours: list[Rumour] = []
    problems: list[RowProblem] = []
    for line, row in rows:
        if isinstance(row, CellError):
            problems.append(RowProblem(line, row.de, row.en))
            continue
        if len(rumours) == MOST_ROWS:
            problems.append(
                RowProblem(line, f"Höchstens {MOST_ROWS} Zeilen.", f"At most {MOST_ROWS} lines.")
            )
            break
        rumour, wrong = to_rumour(row, taken)
        wrong += [sentence for _, sentence in entry.problems(rumour)] if not wrong else []
        if not wrong and rumour.id in taken:
            wrong.append(
                (
                    f"Die Kennung „{rumour.id}“ steht schon in Zeile {taken[rumour.id]}.",
                    f"The id “{rumour.id}” stands in line {taken[rumour.id]} already.",
                )
            )
        problems += [RowProblem(line, de, en) for de, en in wrong]
        if not wrong:
            taken[rumour.id] = line
            rumours.append(rumour)
    return rumours, problems


def write_rows(rumours: Iterable[Rumour], form: Format) -> str:
    """All entries as one text that ``read_rows`` takes back unchanged (but for the two times)."""
    if form == "jsonl":
        return "".join(json.dumps(_fields(rumour), ensure_ascii=False) + "\n" for rumour in rumours)
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(COLUMNS)
    for rumour in rumours:
        table.writerow([_neutral(cell) for cell in _cells(rumour)])
    return "\ufeff" + out.getvalue()


def decode(body: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8, or the encoding German Windows still uses."""
    for encoding in ("utf-8-sig", "utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInputError(
        "Die Datei ist kein Text, den ich lesen kann. Bitte speichern Sie sie als CSV UTF-8.",
        "The file is no text I can read. Please save it as CSV UTF-8.",
    )


def fact_of(line: str) -> Fact:
    """The fact in "text | source | address | date". Raises InvalidInputError."""
    try:
        (found,) = facts_of("facts", [_fact_cell(" ".join(line.split()))])
    except CellError as error:
        raise InvalidInputError(error.de, error.en) from error
    return found


# --- writing ---------------------------------------------------------------------------------


def _fields(rumour: Rumour) -> dict[str, Any]:
    return {
        "id": rumour.id,
        "title": rumour.title,
        "text": rumour.text,
        "variants": list(rumour.variants),
        "lang": rumour.lang,
        "topics": list(rumour.topics),
        "status": rumour.status.value,
        "facts": [
            {
                "text": fact.text,
                "source": fact.source,
                "url": fact.url,
                "date": fact.date.isoformat() if fact.date else None,
            }
            for fact in rumour.facts
        ],
        "valid_until": rumour.valid_until.isoformat() if rumour.valid_until else None,
        "retired": rumour.retired,
    }


def _cells(rumour: Rumour) -> list[str]:
    facts = [
        " | ".join(
            _escaped(part, "|")
            for part in (f.text, f.source, f.url, f.date.isoformat() if f.date else "")
        )
        for f in rumour.facts
    ]
    return [
        rumour.id,
        rumour.title,
        rumour.text,
        "\n".join(_escaped(variant) for variant in rumour.variants),
        rumour.lang,
        "; ".join(_escaped(topic, ";,") for topic in rumour.topics),
        rumour.status.value,
        "\n".join(facts),
        rumour.valid_until.isoformat() if rumour.valid_until else "",
        "true" if rumour.retired else "",
    ]


def _escaped(value: str, separators: str = "") -> str:
    value = value.replace("\\", "\\\\").replace("\n", "\\n")
    for separator in separators:
        value = value.replace(separator, "\\" + separator)
    return value


def _neutral(cell: str) -> str:
    """The cell as no spreadsheet computes it."""
    return "'" + cell if _FORMULA.match(cell) else cell


# --- reading ---------------------------------------------------------------------------------


def _json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | CellError]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            yield number, CellError("Das ist kein gültiges JSON.", "This is not valid JSON.")
            continue
        if not isinstance(found, dict):
            yield (
                number,
                CellError("Hier fehlt ein JSON-Objekt.", "A JSON object is missing here."),
            )
            continue
        yield number, _named(found)


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any] | CellError]]:
    csv.field_size_limit(_LONGEST_CELL)
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    head: list[str] | None = None
    line = 1
    while True:
        try:
            row = next(table, None)
        except csv.Error:
            yield (
                line,
                CellError(
                    "Ab hier ist die Tabelle nicht zu lesen; meist fehlt ein Anführungszeichen.",
                    "The table cannot be read from here on; most often a quotation mark is missing.",
                ),
            )
            return
        if row is None:
            return
        if any(cell.strip() for cell in row):
            cells = [_plain(cell) for cell in row]
            if head is None:
                head = [cell.strip().casefold() for cell in cells]
                yield from _of_head(line, _named(dict.fromkeys(head, "")))
            else:
                yield line, _of_cells(head, cells)
        line = table.line_num + 1


def _of_head(line: int, head: Mapping[str, Any] | CellError) -> Iterator[tuple[int, CellError]]:
    if isinstance(head, CellError):
        yield line, head
    elif "text" not in head:
        yield (
            line,
            CellError(
                "Die erste Zeile muss die Spalten nennen, mindestens „text“.",
                "The first line must name the columns, “text” at least.",
            ),
        )


def _of_cells(head: Sequence[str], cells: Sequence[str]) -> Mapping[str, Any] | CellError:
    if len(cells) > len(head) and any(cell.strip() for cell in cells[len(head) :]):
        return CellError(
            f"{len(cells)} Zellen, aber nur {len(head)} Spalten.",
            f"{len(cells)} cells, but {len(head)} columns only.",
        )
    named = {_GERMAN.get(name, name): cell for name, cell in zip(head, cells, strict=False)}
    return {name: _of_cell(name, cell) for name, cell in named.items()}


def _of_cell(name: str, cell: str) -> object:
    """A cell as JSON would say it."""
    if name == "variants":
        return [v for v in _split(cell, "") if v]
    if name == "topics":
        return [topic for topic in _split(cell, ";,") if topic]
    if name == "facts":
        return [_fact_cell(line) for line in cell.split("\n") if line.strip()]
    return cell


def _fact_cell(line: str) -> dict[str, str]:
    parts = _split(line, "|")
    return dict(zip(("text", "source", "url", "date", "more"), parts, strict=False))


def _split(cell: str, separators: str) -> list[str]:
    """The values between unescaped separators and line breaks, escapes undone, spaces around gone."""
    values, value, position = [], "", 0
    while position < len(cell):
        char = cell[position]
        if char == "\\" and position + 1 < len(cell):
            position += 1
            value += "\n" if cell[position] == "n" else cell[position]
        elif char in separators or char == "\n":
            values.append(value)
            value = ""
        else:
            value += char
        position += 1
    return [v.strip() for v in (*values, value)]


def _plain(cell: str) -> str:
    """The cell without our apostrophe; line breaks as one character."""
    cell = cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _named(row: Mapping[str, Any]) -> Mapping[str, Any] | CellError:
    """The row with our names; an unknown one is an error, since its contents would be lost."""
    named = {_GERMAN.get(name.strip().casefold(), name.strip()): row[name] for name in row}
    unknown = [name for name in named if name not in COLUMNS and name not in _IGNORED and name]
    if unknown:
        names = ", ".join(unknown)[:100]
        return CellError(
            f"„{names}“ kenne ich nicht. Möglich sind: {', '.join(COLUMNS)}.",
            f"“{names}” is unknown. Possible are: {', '.join(COLUMNS)}.",
        )
    return named
