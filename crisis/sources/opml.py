"""Lists of feeds as other feed readers keep them: OPML 2.0 (http://opml.org/spec2.opml), in and out.

Pure. Only feeds are meant: other kinds of source have addresses no feed reader knows, so they go out as the
pages they are where they have one, else not at all. Whether a feed of a list can be read is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from crisis.errors import InvalidInputError
from crisis.sources.kinds import LONGEST_URL
from crisis.sources.markup import clean, web_address
from crisis.types import Source, SourceKind

LARGEST = 1_000_000  # bytes
MOST = 1_000  # feeds of one list
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Listed:
    """One feed of a list: its address and what the list calls it."""

    url: str
    name: str
    lang: str = ""


def read(body: bytes) -> list[Listed]:
    """The feeds in an OPML file, each address once, in the order of the file.

    Raises InvalidInputError for what is no OPML, too large, or has entities of its own.
    """
    if len(body) > LARGEST:
        raise InvalidInputError(
            "Die Datei ist zu groß: höchstens 1 MB.", "The file is too large: at most 1 MB."
        )
    if b"<!ENTITY" in body or b"<!\x00E\x00N" in body:
        raise _none()
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _none() from error
    if etree.QName(root).localname.lower() != "opml":
        raise _none()
    found: dict[str, Listed] = {}
    for outline in root.iter("outline"):
        fields = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        url = web_address(fields.get("xmlurl", ""))
        if not url or len(url) > LONGEST_URL or url in found:
            continue
        if len(found) == MOST:
            raise InvalidInputError(
                f"Die Liste hat mehr als {MOST} Feeds. Bitte teilen Sie sie auf.",
                f"The list has more than {MOST} feeds. Please split it.",
            )
        name = " ".join(clean(fields.get("title") or fields.get("text") or "").split())
        found[url] = Listed(
            url,
            name[:LONGEST_NAME] or url,
            fields.get("language", "").partition("-")[0][:8].lower(),
        )
    if not found:
        raise InvalidInputError("In der Datei steht kein Feed.", "There is no feed in the file.")
    return list(found.values())


def write(sources: Iterable[Source], title: str) -> bytes:
    """The feeds among ``sources`` as an OPML file that other feed readers take."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = clean(title)
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind in (SourceKind.FEED, SourceKind.FACT_CHECKS) and not source.drill:
            outline = etree.SubElement(
                body, "outline", type="rss", text=clean(source.name), xmlUrl=clean(source.url)
            )
            if source.lang:
                outline.set("language", source.lang)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _none() -> InvalidInputError:
    return InvalidInputError(
        "Das ist keine OPML-Datei. Die meisten Feed-Leser schreiben eine unter „Export“.",
        "This is no OPML file. Most feed readers write one under “Export”.",
    )
