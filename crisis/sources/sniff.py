"""What bytes seem to be, and the one error for those that are no feed.

Looks at the beginning only and never parses: good enough to tell a person what they have before them.
"""

from __future__ import annotations

import re
from html import unescape

from crisis.errors import FeedError
from crisis.sources.markup import line, web_address

_HEAD = 20_000  # characters looked at
_MAGIC = (
    (b"\x89PNG", "ein Bild (PNG)", "an image (PNG)"),
    (b"\xff\xd8\xff", "ein Bild (JPEG)", "an image (JPEG)"),
    (b"GIF8", "ein Bild (GIF)", "an image (GIF)"),
    (b"RIFF", "eine Bild- oder Tondatei", "an image or sound file"),
    (b"%PDF", "eine PDF-Datei", "a PDF file"),
    (b"PK\x03\x04", "ein ZIP-Archiv oder Office-Dokument", "a ZIP archive or office document"),
    (b"\x1f\x8b", "eine gepackte Datei (gzip)", "a compressed file (gzip)"),
    (b"SQLite format 3", "eine Datenbank", "a database"),
    (b"\x7fELF", "ein Programm", "a program"),
)
_BEFORE_ROOT = re.compile(
    r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_LINK = re.compile(r"<link\b[^<>]{0,1000}>", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""", re.IGNORECASE)
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)", re.IGNORECASE)
_HTML = frozenset({"html", "head", "body", "title", "meta", "script", "div", "p", "h1", "center"})
_TELLING = {  # root element -> what it is, where that helps
    "alert": (
        "eine CAP-Warnung, kein Feed. Amtliche Warnungen sind eine eigene Art von Quelle",
        "a CAP alert, not a feed. Official warnings are a kind of source of their own",
    ),
    "edxldistribution": (
        "eine EDXL-Sendung mit Warnungen, kein Feed",
        "an EDXL message with alerts, not a feed",
    ),
    "opml": (
        "eine Liste von Feeds (OPML). Bitte geben Sie die Adresse eines der Feeds darin an",
        "a list of feeds (OPML). Please give the address of one of the feeds in it",
    ),
    "urlset": ("ein Verzeichnis von Seiten (Sitemap), kein Feed", "a sitemap, not a feed"),
    "sitemapindex": ("ein Verzeichnis von Seiten (Sitemap), kein Feed", "a sitemap, not a feed"),
    "svg": ("ein Bild (SVG)", "an image (SVG)"),
    "envelope": ("eine SOAP-Nachricht, kein Feed", "a SOAP message, not a feed"),
}
_TELLING_KEYS = (  # keys that an object has -> what it is
    (
        {"account", "content"},
        "eine Antwort der Mastodon-Schnittstelle",
        "an answer of Mastodon's API",
    ),
    (
        {"@type"},
        "eine strukturierte Angabe (JSON-LD, etwa ClaimReview)",
        "linked data (JSON-LD, such as ClaimReview)",
    ),
    (
        {"identifier", "msgType"},
        "eine amtliche Warnung (NINA/CAP)",
        "an official warning (NINA/CAP)",
    ),
    (
        {"payload", "sent"},
        "eine Liste amtlicher Warnungen (NINA)",
        "a list of official warnings (NINA)",
    ),
    ({"did", "kind"}, "ein Ereignis aus Bluesky (Jetstream)", "a Bluesky event (Jetstream)"),
)


def root_of(text: str) -> str:
    """The name of the first element, in lower case and without its prefix; "" if there is none."""
    at = 0
    text = text[: _HEAD * 5]
    while found := _BEFORE_ROOT.match(text, at):
        at = found.end()
    root = _ROOT.match(text, at)
    return root[1].lower() if root else ""


def looks_like_json(text: str) -> bool:
    """Whether to read it as JSON."""
    return text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[")


def is_html(text: str) -> bool:
    """Whether this is a page for people."""
    head = text[:_HEAD].lstrip().lower()
    return root_of(text) in _HTML or head.startswith("<!doctype html")


def no_feed(body: bytes, text: str, url: str = "") -> FeedError:
    """The error for bytes from which no feed could be read: what they seem to be, what to do."""
    if not body.strip(b" \t\r\n\0"):
        return FeedError(
            "Die Antwort ist leer. Prüfen Sie die Adresse; vielleicht ist der Feed abgeschaltet.",
            "The answer is empty. Check the address; the feed may have been switched off.",
        )
    for magic, de, en in _MAGIC:
        if body.startswith(magic):
            return _it_is(de, en)
    if is_html(text):
        return _page(text, url)
    root = root_of(text)
    if root in _TELLING:
        return _it_is(*_TELLING[root])
    if root in ("rss", "rdf", "feed"):
        return FeedError(
            "Das beginnt wie ein Feed, ist aber so beschädigt, dass sich kein Beitrag lesen lässt. "
            "Bitte den Betreiber der Quelle darauf hinweisen.",
            "This begins like a feed but is too damaged to read a post from. "
            "Please tell whoever runs the source.",
        )
    if root:
        name = line(root, 40)
        return _it_is(
            f"eine XML-Datei mit <{name}>, kein Feed", f"an XML file of <{name}>, not a feed"
        )
    if text.lstrip().startswith(("<?xml", "<!--")):
        return _it_is("XML ohne Inhalt, kein Feed", "XML without content, not a feed")
    if "\ufffd" in text[:200] or "\0" in text[:200]:
        return _it_is("eine Datei, die keinen Text enthält", "a file that holds no text")
    return _it_is("einfacher Text, kein Feed", "plain text, not a feed")


def no_json_feed(data: object, *, lines: bool = False) -> FeedError:
    """The error for JSON that is no JSON Feed; ``lines``: ``data`` is the first of several."""
    first = data[0] if isinstance(data, list) and data else data
    keys = set(first) if isinstance(first, dict) else set()
    for needed, de, en in _TELLING_KEYS:
        if needed <= keys:
            return _it_is(f"{de}, kein JSON Feed", f"{en}, not a JSON Feed")
    if lines:
        return _it_is(
            "eine Datei mit JSON-Zeilen, kein JSON Feed", "a file of JSON lines, not a JSON Feed"
        )
    return _it_is("JSON, aber kein JSON Feed", "JSON, but not a JSON Feed")


def feed_links(text: str, url: str = "") -> tuple[str, ...]:
    """The feeds that a page says it has, as addresses."""
    found: dict[str, None] = {}
    for tag in _LINK.findall(text[: _HEAD * 10]):
        href = _HREF.search(tag)
        if href and _FEED_TYPE.search(tag):
            target = unescape(href[1] or href[2] or href[3] or "")
            found[web_address(target, url) or line(target, 300)] = None
    return tuple(link for link in found if link)


def _page(text: str, url: str) -> FeedError:
    links = feed_links(text, url)
    if links:
        return FeedError(
            f"Das ist eine Webseite (HTML), kein Feed. Die Seite nennt diesen Feed: {links[0]}",
            f"This is a web page (HTML), not a feed. The page names this feed: {links[0]}",
        )
    return FeedError(
        "Das ist eine Webseite (HTML), kein Feed. Suchen Sie auf der Seite nach „RSS“ oder „Feed“ "
        "und geben Sie dessen Adresse an.",
        'This is a web page (HTML), not a feed. Look for "RSS" or "feed" on the page '
        "and give that address.",
    )


def _it_is(de: str, en: str) -> FeedError:
    return FeedError(
        f"Das ist {de}. Gelesen werden RSS, Atom, RDF und JSON Feed.",
        f"This is {en}. RSS, Atom, RDF and JSON Feed can be read.",
    )
