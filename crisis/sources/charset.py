"""From bytes to characters, whatever server, document and truth say about them.

The order of belief: a byte order mark; bytes that are UTF-8 and could hardly be so by chance; the
``charset`` of the server; the document's own declaration; UTF-8; and last windows-1252, which takes
nearly anything. Knows nothing of feeds.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# How "<" or "{" begins where a document of two- or four-byte units carries no mark.
_BARE = (
    (re.compile(rb"[<{\[]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[<{\[]"), "utf-32-be"),
    (re.compile(rb"[<{\[]\0[^\0]"), "utf-16-le"),
    (re.compile(rb"\0[<{\[]\0"), "utf-16-be"),
)
_EBCDIC = b"\x4c\x6f\xa7\x94"  # "<?xm"
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_SERVED = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# Text encodings a document may name. Python knows more ("idna", "unicode_escape"), which are none.
_KNOWN = re.compile(
    r"(?:us-?)?ascii|u(?:tf)?[-_]?(?:8|16|32|7)(?:[-_]?[lb]e)?|iso[-_]?8859[-_]?\d{1,2}|latin[-_]?\d{1,2}|l\d"
    r"|(?:windows|cp|ibm)[-_]?\d{3,5}|koi8[-_][rtu]|mac[-_]?\w{1,12}|macintosh"
    r"|gb\d{4,5}(?:[-_]?80)?|gbk|hz(?:[-_]gb[-_]2312)?|big5(?:[-_]?hkscs)?|euc[-_]?\w{2,12}"
    r"|(?:shift|ms)[-_]?(?:jis|kanji)(?:[-_]\w{4,6})?|sjis|iso[-_]?2022[-_]?\w{2,8}|johab|tis[-_]?620"
    r"|(?:iso[-_]10646[-_])?ucs[-_]?[24]",
    re.IGNORECASE,
)
# Encodings that programs write into the header without meaning them.
_CARELESS = frozenset({"ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-8"})
_WIDER = {
    "gb2312": "gb18030",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
}  # supersets met in practice


def decode(body: bytes, content_type: str = "") -> tuple[str, str]:
    """The characters of ``body``, and the name of the encoding a document claimed falsely ("" if none).

    Never fails: what cannot be decoded becomes U+FFFD.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace"), ""
    for pattern, encoding in _BARE:
        if pattern.match(body):
            return body.decode(encoding, "replace"), ""
    claimed = _known(_served(content_type)) or _known(_declared(body))
    if claimed in ("", *_CARELESS) and (text := _utf8(body)) is not None:
        wrong = claimed not in ("", "utf-8") and not body.isascii()
        return text, claimed if wrong else ""
    for encoding in (claimed, _known(_declared(body))):
        if encoding and encoding != "utf-8":
            try:
                return body.decode(_WIDER.get(encoding, encoding)), ""
            except (UnicodeDecodeError, UnicodeError):
                continue
    return _guess(body), claimed or "utf-8"


def _served(content_type: str) -> str:
    found = _SERVED.search(content_type)
    return found[1] if found else ""


def _declared(body: bytes) -> str:
    head = body[:400]
    if head.startswith(_EBCDIC):
        head = head.decode("cp037").encode("ascii", "replace")
    found = _DECLARED.match(head)
    return found[1].decode("ascii") if found else ""


def _known(name: str) -> str:
    """Python's own name of a text encoding, or "" if there is none such.

    A two- or four-byte unit that neither mark nor first character shows is not there.
    """
    if not _KNOWN.fullmatch(name):
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return "" if found.startswith(("utf-16", "utf-32")) else found


def _utf8(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _guess(body: bytes) -> str:
    """UTF-8 with a few broken places, or windows-1252 if broken places are the rule."""
    text = body.decode("utf-8", "replace")
    if len(_MULTIBYTE.findall(body)) > text.count("\ufffd"):
        return text
    return body.decode("cp1252", "replace")
