"""Words of strangers, made fit to be quoted in a mail: one clean text without links that can be tapped.

Posts, feed titles and even rumours come from outside. Whatever they hold, a mail of ours has one link,
its own. Mail programs make links of bare text as well ("www.example.org", "a@example.org"), therefore
the parts they look for are broken with brackets, visibly, the way warnings about phishing are written.
Escapes nothing for HTML (``layout``).
"""

from __future__ import annotations

import re
import unicodedata

_JOINER = "\u200d"  # holds families and flags of emoji together; harmless
_SCHEME = re.compile(
    r"(?<![^\W\d_])(https?|hxxps?|ftps?|wss?|mailto|tel|sms|smsto|xmpp|sip|geo|magnet|data|file|javascript|vbscript"
    r"|about|blob|intent|whatsapp|tg|signal|skype|facetime|maps|market|itms-apps|itms-services)\s*:",
    re.IGNORECASE,
)
_SLASHES = re.compile(r":(?=[/\\]{2})")
_AT = re.compile(r"(?<=[^\s@])@(?=[\w\[])")
# A dot with a letter or digit before and two letters behind: where a domain could be.
_DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61\u2024](?=[^\W\d_]{2})")
_MARKS_IN_A_ROW = 3  # more combining marks than any script needs; towers of them cover other lines


def clean(text: str) -> str:
    """The text without characters that cannot be seen but do something: controls, direction marks,
    tags, halves of characters. Line breaks become "\\n"; every other space is one ordinary space."""
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if char in "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
            kept.append("\n")
        elif category == "Zs" or char == "\t":
            kept.append(" ")
        elif char == _JOINER or (category[0] != "C" and marks <= _MARKS_IN_A_ROW):
            kept.append(char)
    return "".join(kept)


def defang(text: str) -> str:
    """The text with every part broken that a mail program would turn into a link."""
    text = _SCHEME.sub(r"\1[:]", text)
    text = _SLASHES.sub("[:]", text)
    text = _AT.sub("[at]", text)
    return _DOT.sub("[.]", text)


def line(text: str, limit: int) -> str:
    """``text`` cleaned and defanged on one line of at most ``limit`` characters (2 or more)."""
    return _cut(" ".join(defang(_bounded(text, limit)).split()), limit)


def passage(text: str, limit: int) -> str:
    """``text`` cleaned and defanged, its lines kept but not its empty ones, at most ``limit`` characters."""
    lines = (" ".join(part.split()) for part in defang(_bounded(text, limit)).split("\n"))
    return _cut("\n".join(part for part in lines if part), limit)


def _bounded(text: str, limit: int) -> str:
    """Enough of the text to fill ``limit``: a post of a megabyte is not worth a second of anybody's time."""
    return clean(text[: limit * 4 + 200])


def _cut(text: str, limit: int) -> str:
    """At a space if there is one in the last third, with an ellipsis; never in a broken-up address."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    if space > limit * 2 // 3:
        head = head[:space]
    return head.rstrip(" \n,;:.–-\u200d") + "…"
