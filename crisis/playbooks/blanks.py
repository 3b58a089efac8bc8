"""The blanks of a text, ``{{ ortsteil }}`` or ``{{ naechste_info: datetime }}``: finding them and
filling them in.

A value is plain text: it can neither add Markdown or HTML nor bring in another blank. Whether a value
makes sense is not asked here: see ``responses.blanks``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from crisis.errors import InvalidInputError
from crisis.playbooks.kinds import read_spec, spec_of
from crisis.types import Placeholder

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# The words of an include ("baustein: …") never name a blank with a type: see ``blocks``.
_BLANK = re.compile(
    r"\{\{[ \t]*(?!(?:baustein|block|include)[ \t]*:)([a-z][a-z0-9_]{0,39})"
    r"[ \t]*(?::[ \t]*(?P<spec>[^{}\n:]{1,200}?)[ \t]*)?\}\}"
)
_INCLUDE = re.compile(r"\{\{[ \t]*(?:baustein|block|include)[ \t]*:[^{}\n]*\}\}")
_STRAY = re.compile(r"\{\{[^{}\n]*\}\}|\{\{|\}\}")
_SINGLE = re.compile(r"(?<!\{)\{[ \t]*([^\W\d]\w*)[ \t]*\}(?!\})")
# CommonMark 0.31, 2.4: every ASCII punctuation character may be escaped with a backslash.
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def blanks(text: str) -> list[str]:
    """Names of the blanks in ``text``, each once, in order of appearance."""
    return list(dict.fromkeys(found[1] for found in _BLANK.finditer(text)))


def typed(text: str) -> list[tuple[str, str, int]]:
    """Every blank as it stands: its name, what is written behind its colon (""), its offset."""
    return [(found[1], found["spec"] or "", found.start()) for found in _BLANK.finditer(text)]


def placeholders(text: str) -> dict[str, Placeholder]:
    """The blanks of a text with the kinds written behind their colons, by name, in order. Where one
    stands several times the first kind counts; unknown kinds are plain text."""
    found: dict[str, Placeholder] = {}
    for name, spec, _ in typed(text):
        if name not in found or (spec and found[name] == Placeholder(name=name)):
            found[name] = read_spec(name, spec) or Placeholder(name=name)
    return found


def with_kinds(text: str, known: Mapping[str, Placeholder]) -> str:
    """``text`` with the kind of every blank of ``known`` written behind its name, so that it can be
    checked and filled without its playbook. Plain texts stay as they are."""

    def written(found: re.Match[str]) -> str:
        spec = spec_of(known[found[1]]) if found[1] in known else ""
        if spec:
            return f"{{{{ {found[1]}: {spec} }}}}"
        return f"{{{{ {found[1]} }}}}" if found["spec"] else found.group()

    return _BLANK.sub(written, text)


def malformed(text: str, declared: Collection[str] = ()) -> list[tuple[int, str]]:
    """What looks like a blank but is none: (offset in ``text``, the piece as it stands).

    ``{name}`` with single braces counts only where ``name`` is in ``declared``.
    """
    rest = _BLANK.sub(lambda found: " " * len(found.group()), text)
    rest = _INCLUDE.sub(lambda found: " " * len(found.group()), rest)
    strays = [(found.start(), found.group()) for found in _STRAY.finditer(rest)]
    singles = [
        (found.start(), found.group())
        for found in _SINGLE.finditer(rest)
        if found.group(1) in declared
    ]
    return sorted(strays + singles)


def escape(value: str, *, breaks: bool = False) -> str:
    """``value`` as Markdown that shows exactly this text. Line breaks become spaces, or with
    ``breaks`` forced line breaks; runs of white space shrink to one space."""
    lines = [" ".join(line.split()) for line in value.splitlines()]
    escaped = [_PUNCTUATION.sub(r"\\\1", line) for line in lines if line]
    return ("\\\n" if breaks else " ").join(escaped)


def fill(text: str, values: Mapping[str, str], *, breaks: Collection[str] = ()) -> str:
    """The Markdown ``text`` with every blank replaced by its escaped value.

    ``breaks`` names the blanks whose values may hold line breaks. No blank is left, whatever the
    values hold: braces in values are escaped, and stray ``{{`` of the text as well.

    Raises:
        InvalidInputError: a blank has no value, or one without any visible character.
    """
    _refuse_lacking(text, values)
    pieces = _BLANK.split(text)
    out = [_fixed(pieces[0])]
    for name, fixed in zip(pieces[1::3], pieces[3::3], strict=True):
        out += [escape(values[name], breaks=name in breaks), _fixed(fixed)]
    return "".join(out)


def fill_plain(text: str, values: Mapping[str, str]) -> str:
    """A plain text, such as a title, with its blanks filled: one line, nothing escaped.

    Raises:
        InvalidInputError: a blank has no value, or one without any visible character.
    """
    _refuse_lacking(text, values)
    return " ".join(_BLANK.sub(lambda found: values[found.group(1)], text).split())


def _refuse_lacking(text: str, values: Mapping[str, str]) -> None:
    lacking = [name for name in blanks(text) if not values.get(name, "").strip()]
    if lacking:
        names = ", ".join(lacking)
        raise InvalidInputError(
            f"Diese Lücken sind noch nicht ausgefüllt: {names}.",
            f"These blanks are not filled in yet: {names}.",
        )


def _fixed(piece: str) -> str:
    """The author's own text between two blanks, made so that it cannot change what follows."""
    piece = piece.replace("{{", "\\{\\{").replace("}}", "\\}\\}")
    # A backslash right before a blank would undo the escaping of the value's first character.
    backslashes = len(piece) - len(piece.rstrip("\\"))
    return piece + "\\" if backslashes % 2 else piece
