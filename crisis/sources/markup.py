"""From what a feed calls text, often HTML and never trusted, to clean plain text.

Line breaks, lists, quotations and the text of links stay; where a link leads stands behind it in
brackets unless its text says so already. Scripts, styles and every tag are gone, entities resolved,
invisible and control characters out. What comes out is text: whoever shows it must still escape it.
Does not shorten anything to a post's length: see ``entries``.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crisis.sources.bounds import MAX_KEY, MAX_MARKUP

_SILENT = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "math",
        "iframe",
        "object",
        "applet",
        "embed",
    }
    | {"audio", "video", "canvas", "textarea", "select", "title", "head", "button", "noembed"}
)
_PARAGRAPH = frozenset(
    {
        "p",
        "blockquote",
        "pre",
        "ul",
        "ol",
        "dl",
        "table",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    }
)
_LINE = frozenset(
    {
        "div",
        "li",
        "tr",
        "dt",
        "dd",
        "article",
        "section",
        "header",
        "footer",
        "aside",
        "main",
        "nav",
    }
    | {"address", "figcaption", "center", "form", "fieldset", "hr", "details", "summary", "caption"}
)
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "acronym",
        "b",
        "base",
        "bdi",
        "bdo",
        "big",
        "body",
        "br",
        "cite",
        "code",
        "col",
        "del",
    }
    | {
        "colgroup",
        "data",
        "dfn",
        "em",
        "font",
        "frame",
        "frameset",
        "html",
        "i",
        "img",
        "input",
        "ins",
    }
    | {"kbd", "label", "legend", "link", "mark", "meta", "meter", "option", "param", "picture"}
    | {
        "progress",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "source",
        "span",
        "strike",
        "strong",
    }
    | {
        "sub",
        "sup",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "time",
        "track",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
_VOID = frozenset({"embed"})  # silent elements that never end
_NAMES = "|".join(sorted(_SILENT | _PARAGRAPH | _LINE | _INLINE, key=len, reverse=True))
_TAG = re.compile(rf"</?(?:{_NAMES})(?=[\s/>\"'<]|$)[^<>]*>?|<!--|<!\[CDATA\[|\]\]>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});", re.IGNORECASE)
_BLOCKS = re.compile(rf"<(?:br|{'|'.join(sorted(_PARAGRAPH | _LINE))})[\s/>]", re.IGNORECASE)
# Marks that steer how text runs, or show nothing: soft hyphen, zero-width space, direction, BOM.
# The joiners U+200C and U+200D stay: emoji and several scripts need them.
_UNSEEN = dict.fromkeys(
    [0xAD, 0x200B, 0x200E, 0x200F, 0xFEFF, 0xFFFC, *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\n]+")
_WHITE = re.compile(r"\s+")
_ROUNDS = 3  # how often text is unpacked that turns out to be markup again


def clean(text: str) -> str:
    """Plain text without control and steering characters; spaces joined, at most one empty line."""
    text = _BREAKS.sub("\n", text)
    text = _CONTROL.sub("", text).translate(_UNSEEN)
    text = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line(text: str, limit: int) -> str:
    """One line of clean text, at most ``limit`` characters: a name, a title."""
    return _WHITE.sub(" ", plain(text[: limit * 20]))[:limit].strip()


def plain(text: str, *, html: bool = False, base: str = "", own: str = "") -> str:
    """The clean text in ``text``, which is HTML if ``html`` says so or if it looks like it.

    ``base`` is the address against which links are resolved; ``own`` the post's own address, which
    needs no saying. Markup hidden by escaping it twice
    or three times is found too; what then still looks like a tag is removed.
    """
    text = text[:MAX_MARKUP]
    for _ in range(_ROUNDS):
        if not (html or _TAG.search(text) or _ENTITY.search(text)):
            break
        text = _unpack(text, base, own)
        html = False
    text = clean(_TAG.sub("", text))
    # What is left was built so that taking tags out makes new ones.
    return text.replace("<", "‹") if _TAG.search(text) else text


def _unpack(text: str, base: str, own: str) -> str:
    """One round: markup to text."""
    target = _Text(base, own, keep_breaks=not _BLOCKS.search(text))
    parser = etree.HTMLParser(target=target, recover=True, no_network=True)
    # A parser that never saw a character raises; a space is none of the text.
    parser.feed(" " + _CONTROL.sub("", _BREAKS.sub("\n", text)))
    parser.close()
    return target.text()


class _Text:
    """Listens to lxml's HTML parser and writes lines down. Builds no tree, so depth costs nothing."""

    def __init__(self, base: str, own: str, *, keep_breaks: bool) -> None:
        self._base = base
        self._own = own
        self._keep_breaks = keep_breaks
        self._lines: list[str] = []
        self._words: list[str] = []
        self._silent: list[str] = []
        self._quotes = 0
        self._link: tuple[str, int] | None = None  # where it leads, where in _words its text begins

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if self._silent or tag in _SILENT:
            if tag in _SILENT and tag not in _VOID:
                self._silent.append(tag)
            return
        if tag == "br":
            self._break()
        elif tag in _PARAGRAPH or tag in _LINE:
            self._break(paragraph=tag in _PARAGRAPH)
        if tag == "blockquote":
            self._quotes += 1
        elif tag == "li":
            self._words.append("- ")
        elif tag == "q":
            self._words.append("„")
        elif tag in ("td", "th"):
            self._words.append(" ")
        elif tag == "img":
            self._words.append(_description(attributes))
        elif tag == "a":
            self._link = (attributes.get("href") or "", len(self._words))

    def end(self, tag: str) -> None:
        """An element ends."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
            return
        if tag == "a":
            self._end_link()
        elif tag == "q":
            self._words.append("“")
        elif tag in _PARAGRAPH or tag in _LINE:
            self._break(paragraph=tag in _PARAGRAPH)
        if tag == "blockquote":
            self._quotes = max(0, self._quotes - 1)

    def data(self, text: str) -> None:
        """Characters between tags."""
        if not self._silent:
            self._words.append(text if self._keep_breaks else _WHITE.sub(" ", text))

    def comment(self, text: str) -> None:
        """Comments say nothing to readers."""

    def close(self) -> None:
        """The document is over."""
        self._break()

    def text(self) -> str:
        """What was written down."""
        return "\n".join(self._lines)

    def _end_link(self) -> None:
        if self._link is None:
            return
        target, start = self._link
        self._link = None
        address = _worth_saying(target, "".join(self._words[start:]).strip(), self._base)
        if address and address != self._own:
            self._words.append(f" ({address})")

    def _break(self, *, paragraph: bool = False) -> None:
        text = "".join(self._words).strip(" ")
        self._words.clear()
        if self._link is not None:
            self._link = (self._link[0], 0)
        mark = "> " if self._quotes else ""
        if text and text != "-":
            self._lines.extend(mark + row for row in text.split("\n"))
        if paragraph and self._lines and self._lines[-1]:
            self._lines.append("")


def _description(attributes: dict[str, str]) -> str:
    """What stands for a picture: its description, unless that is a file's name."""
    text = (attributes.get("alt") or "").strip()
    return "" if re.fullmatch(r"\S+\.(?:jpe?g|png|gif|webp|svg)", text, re.IGNORECASE) else text


def _worth_saying(target: str, text: str, base: str) -> str:
    """The address of a link if a reader of its text alone would miss it, else ""."""
    if not text or not target.strip() or text[0] in "#@" or len(target) > MAX_KEY:
        return ""  # an empty link, a hashtag, a mention
    address = web_address(target, base)
    bare = text.removeprefix("https://").removeprefix("http://").removeprefix("www.").rstrip("/…. ")
    return "" if not bare or (bare.lower() in address.lower() and "." in bare) else address


def web_address(target: str, base: str = "") -> str:
    """``target``, seen from ``base``, if it leads to the web, else "". Never a script or a file."""
    target = (
        _CONTROL.sub("", target).strip().replace("\n", "").replace("\t", "").replace(" ", "%20")
    )
    try:
        address = urljoin(base, target)
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return address if usable and len(address) <= MAX_KEY else ""
