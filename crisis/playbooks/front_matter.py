"""Turn the lines of a header into YAML nodes that know their lines, or say in plain words why not.

Refuses aliases, tags and depth before anything is built from them. Knows no field: see ``header``.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml

MOST_DEPTH = 6
MOST_ITEMS = 500  # of all kinds together; a long header has 150

Note = Callable[[int, str, tuple[str, str]], None]  # line, code, sentence: always an error


def compose(note: Note, text: str, first_line: int) -> yaml.Node | None:
    """The header as nodes that know their lines, or None if it cannot be read or is empty."""
    try:
        if not _harmless(note, text, first_line):
            return None
        return yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        # A value that never ends is noticed at the end of the text: show where it began.
        if error.context_mark and error.context_mark.line != (mark.line if mark else 0):
            line = first_line + error.context_mark.line
        note(line, "yaml", _say(error.problem, error.context))
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        line = first_line + text[: getattr(error, "position", 0) or 0].count("\n")
        note(line, "yaml", _say("unacceptable character", None))
    return None


def _harmless(note: Note, text: str, first_line: int) -> bool:
    """Look at the events before anything is built from them."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.BaseLoader)):
        line = first_line + (event.start_mark.line if event.start_mark else 0)
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH or count > MOST_ITEMS * 2:
            note(
                line,
                "yaml-depth",
                (
                    "Der Kopf ist zu verschachtelt oder hat zu viele Einträge.",
                    "The header is nested too deeply or has too many entries.",
                ),
            )
            return False
        if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
            note(
                line,
                "yaml-alias",
                (
                    (
                        "Werte dürfen nicht mit &, * oder ! beginnen. "
                        "Setzen Sie den Wert in Anführungszeichen."
                    ),
                    "Values must not begin with &, * or !. Put the value in quotation marks.",
                ),
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
