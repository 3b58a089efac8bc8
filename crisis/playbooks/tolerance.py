"""Forgive what people write who never saw YAML: quote values that YAML would misread.

``titel: Gerücht: Wasser vergiftet`` is an error in YAML, since a colon stands in the value. Lines keep
their number; only the text of a value gets quotation marks around it.
"""

from __future__ import annotations

import re

_FIELD = re.compile(r"(?P<head>[ ]*(?:-[ ]+)?[^\W\d][\w-]*:[ \t]+)(?P<value>\S.*)")
_ITEM = re.compile(r"(?P<head>[ ]*-[ ]+)(?P<value>\S.*)")
_TOP = re.compile(r"(?P<key>[^\s:#-][^:]*):(?:\s|$)")
_WHOLE_QUOTES = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s*(#.*)?""")
_NESTED = ("platzhalter", "placeholders", "bilder", "pictures")  # their items are fields themselves


def quote_plain_values(text: str) -> str:
    """The header with single quotes around every value on one line that would be misread."""
    out: list[str] = []
    top = ""
    block = -1  # indentation of the key whose text block we are in; -1 outside
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip(" "))
        if block >= 0 and (not line.strip() or indent > block):
            out.append(line)
            continue
        block = -1
        if found := _TOP.match(line):
            top = found["key"].strip().casefold()
        if re.search(r":[ \t]+[|>][-+0-9]*\s*$", line):
            block = indent
        out.append(_quoted(line, nested=top in _NESTED))
    return "\n".join(out)


def _quoted(line: str, *, nested: bool) -> str:
    found = _FIELD.fullmatch(line)
    if found and (nested or not line.lstrip().startswith("-")):
        return found["head"] + _value(found["value"])
    item = _ITEM.fullmatch(line)
    if item and not nested:
        return item["head"] + _value(item["value"])
    return line


def _value(value: str) -> str:
    """One value, quoted if plain text in it would trip YAML."""
    first = value[0]
    if first in "\"'":
        return value if _WHOLE_QUOTES.fullmatch(value) else _in_quotes(value)
    if value.startswith("{{") or first in "@`%":
        return _in_quotes(value)
    if first in "[{|>&*!#":
        return value
    text = value.split(" #", 1)[0].rstrip()
    misread = ": " in text or text.endswith(":") or text.startswith(("- ", "? "))
    return _in_quotes(text) if misread else value


def _in_quotes(value: str) -> str:
    return "'" + value.rstrip().replace("'", "''") + "'"
