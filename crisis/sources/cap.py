"""CAP 1.2, the Common Alerting Protocol: one message, a list (Atom, RSS), EDXL, or a zip of files. Pure.

http://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2.html. Taken is what concerns everybody (status Actual,
scope Public) and is about here (``area``). Update and Cancel end the messages they refer to, wherever those
are about. A document type is refused whole: CAP needs none, and entities attack. What a signature must be:
``signed``. Old 1.0 and 1.1 messages read the same.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlsplit

from lxml import etree

from crisis.errors import FeedError, InvalidInputError
from crisis.sources import area, signed, warned
from crisis.sources.dates import from_iso
from crisis.sources.markup import line, web_address
from crisis.types import Bulletin, FeedContent, Lead, OfficialWarning

MOST_FILES = 10_000  # of one zip; the DWD's has up to a few hundred
MOST_UNPACKED = 100_000_000  # bytes of all files of one zip together
MOST_LEADS = 500  # warnings of one list
_CAP = "urn:oasis:names:tc:emergency:cap:"
_ADDRESSES = ("application/cap+xml", "application/xml", "text/xml", "")


@dataclass(slots=True)
class _Found:
    """What was gathered from one answer."""

    want: area.Wanted
    certificate: str
    base: str
    warnings: dict[str, OfficialWarning] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)
    read: int = 0
    problem: FeedError | None = None
    missed: int = 0

    def take(self, message: etree._Element) -> None:
        """One message; one that cannot be relied on is counted."""
        try:
            alert = signed.trusted(message, self.certificate)
            self._understand(alert)
        except FeedError as error:
            self.problem, self.missed = error, self.missed + 1
            return
        self.read += 1

    def _understand(self, alert: etree._Element) -> None:
        key = _text(alert, "identifier")[: warned.LONGEST_KEY]
        if not key:
            raise _damaged()
        kind = _text(alert, "msgType").lower()
        if (_text(alert, "status"), _text(alert, "scope") or "Public") != warned.SENT_FOR_ALL:
            return
        if kind in ("update", "cancel"):
            self.ended += _references(_text(alert, "references"))
        if kind in warned.CALLED_OFF:
            return
        warning = _warning(alert, key, self.want, self.base)
        if warning is not None:
            self.warnings[key] = warning

    def bulletin(self, *, whole: bool, leads: tuple[Lead, ...] = ()) -> Bulletin:
        if self.problem is not None and not self.read and not leads:
            raise self.problem
        ended = tuple(dict.fromkeys(self.ended))
        return Bulletin(
            warnings=tuple(one for key, one in self.warnings.items() if key not in set(ended)),
            ended=ended,
            whole=whole and not self.missed,
            leads=leads,
            missed=self.missed,
        )


def read(body: bytes, *, url: str = "", asked: str = "", certificate: str = "") -> FeedContent:
    """The warnings in ``body``, or where they stand, as ``FeedContent.bulletin``.

    ``asked``: the source's address with its area. ``certificate``: the sender's, PEM, "" if none is known.
    Raises FeedError for what is no CAP, cannot be relied on, or is an attack.
    """
    try:
        want = area.wanted(area.place(asked))
    except InvalidInputError as error:
        raise FeedError(error.de, error.en) from error
    found = _Found(want, certificate, url)
    if body[:4] == b"PK\x03\x04":
        for file in _files(body):
            try:
                found.take(_alert(parsed(file)))
            except FeedError as error:
                found.problem, found.missed = error, found.missed + 1
        # A zip of changes says nothing of what goes on unchanged.
        return FeedContent(bulletin=found.bulletin(whole="DIFF" not in urlsplit(url).path.upper()))
    root = parsed(body)
    name = _name(root)
    if name == "alert":
        found.take(root)
        return FeedContent(bulletin=found.bulletin(whole=True))
    if name == "edxldistribution":
        for message in _inside(root):
            found.take(message)
        return FeedContent(bulletin=found.bulletin(whole=False))
    if name in ("feed", "rss", "rdf"):
        leads = tuple(_leads(root, url, found))
        title = next(
            (line(one.text or "", 200) for one in root.iter() if _name(one) == "title"), ""
        )
        return FeedContent(title=title, bulletin=found.bulletin(whole=False, leads=leads))
    raise _none()


def parsed(body: bytes) -> etree._Element:
    """The root of an XML document without document type. Raises FeedError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise _attack()
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _none() if b"<" not in body[:2_000] else _damaged() from error
    if root.getroottree().docinfo.internalDTD is not None:  # in two-byte characters
        raise _attack()
    return root


def _files(body: bytes) -> Iterator[bytes]:
    """The XML files of a zip, unpacked within bounds. Raises FeedError."""
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(body)) as bundle:
            names = [
                one for one in bundle.infolist() if one.filename.lower().endswith((".xml", ".cap"))
            ]
            if len(names) > MOST_FILES:
                raise _too_much()
            for one in names:
                with bundle.open(one) as file:
                    piece = file.read(left + 1)
                left -= len(piece)
                if left < 0:
                    raise _too_much()
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error


def _alert(root: etree._Element) -> etree._Element:
    if _name(root) != "alert":
        raise _none()
    return root


def _inside(node: etree._Element) -> Iterator[etree._Element]:
    """Messages that stand inside something else, each as a document of its own."""
    for one in node.iter():
        if _name(one) == "alert" and str(one.tag).startswith(f"{{{_CAP}"):
            yield parsed(etree.tostring(one, method="c14n", exclusive=True, with_tail=False))


def _leads(root: etree._Element, base: str, found: _Found) -> Iterator[Lead]:
    """Where the messages of a list stand; those inside it are taken at once."""
    entries = [one for one in root.iter() if _name(one) in ("entry", "item")]
    for entry in entries[:MOST_LEADS]:
        inside = list(_inside(entry))
        for message in inside:
            found.take(message)
        url = "" if inside else _address(entry, base)
        if not inside and not url:
            found.missed += 1
        if url:
            signs = [_text(entry, name) for name in ("id", "guid", "updated", "pubDate")]
            yield Lead(mark=sha256("\n".join([url, *signs]).encode()).hexdigest()[:16], url=url)


def _address(entry: etree._Element, base: str) -> str:
    """Where an entry's message stands: what calls itself CAP before anything else."""
    links = []
    for link in entry:
        if _name(link) in ("link", "enclosure"):
            target = web_address(link.get("href") or link.get("url") or link.text or "", base)
            kind = (link.get("type") or "").partition(";")[0].strip().lower()
            if target and link.get("rel") != "self":
                links.append((_ADDRESSES.index(kind) if kind in _ADDRESSES else 9, target))
    return min(links, key=lambda one: one[0])[1] if links else ""


def _warning(
    alert: etree._Element, key: str, want: area.Wanted, base: str
) -> OfficialWarning | None:
    """The message as we keep it; None where it is not about here."""
    infos = [one for one in alert if _name(one) == "info" and area.is_here(_area(one), want)]
    if not infos:
        return None
    first = min(warned.preference(_text(one, "language")) for one in infos)
    infos = [one for one in infos if warned.preference(_text(one, "language")) == first]
    best = max(infos, key=lambda one: warned.gravity(_text(one, "severity")))
    ends = [from_iso(_text(one, "expires")) for one in infos]
    return OfficialWarning(
        key=key,
        event=warned.event(_text(best, "event"), _text(best, "headline")),
        lang=warned.lang(_text(best, "language") or "en"),  # CAP 1.2: en-US where it says none
        sender=line(_text(best, "senderName") or _text(alert, "sender"), warned.LONGEST_NAME),
        gravity=warned.gravity(_text(best, "severity")),
        url=web_address(_text(best, "web")) or base.partition("#")[0],
        sent=from_iso(_text(alert, "sent")),
        onset=from_iso(_text(best, "onset")),
        expires=max((end for end in ends if end is not None), default=None),
    )


def _area(info: etree._Element) -> area.Area:
    keys, rings, circles = [], [], []
    for place in info:
        if _name(place) != "area":
            continue
        for part in place:
            match _name(part):
                case "geocode":
                    keys.append(area.key_of(_text(part, "valueName"), _text(part, "value")))
                case "polygon":
                    rings.append(area.ring(part.text or ""))
                case "circle":
                    circles.append(area.circle(part.text or ""))
    return area.Area(
        tuple(filter(None, keys)),
        tuple(filter(None, rings)),
        tuple(one for one in circles if one is not None),
    )


def _references(text: str) -> list[str]:
    """The identifiers in "sender,identifier,sent sender,identifier,sent …"."""
    found = []
    for triple in text.split():
        parts = triple.split(",")
        found.append(parts[1] if len(parts) == 3 else triple)
    return [one[: warned.LONGEST_KEY] for one in found[:MOST_LEADS] if one]


def _name(node: etree._Element) -> str:
    return etree.QName(node).localname.lower() if isinstance(node.tag, str) else ""


def _text(node: etree._Element, name: str) -> str:
    """The text of the first child of that name."""
    for child in node:
        if _name(child) == name.lower():
            return " ".join((child.text or "").split())
    return ""


def _none() -> FeedError:
    return FeedError(
        "Das ist keine amtliche Warnung (CAP), keine Liste davon und kein Zip mit solchen Dateien.",
        "This is no official warning (CAP), no list of them and no zip of such files.",
    )


def _damaged() -> FeedError:
    return FeedError(
        "Die Warnung ist beschädigt und nicht zu lesen.",
        "The warning is damaged and cannot be read.",
    )


def _attack() -> FeedError:
    return FeedError(
        "Die Datei bringt einen eigenen Dokumenttyp mit, wie ihn nur Angriffe brauchen, und wird nicht"
        " gelesen.",
        "The file brings a document type of its own, which only attacks need, and is not read.",
    )


def _too_much() -> FeedError:
    return FeedError(
        "Das Zip entfaltet sich zu mehr, als Warnungen je brauchen, und wird nicht gelesen.",
        "The zip unfolds to more than warnings ever need and is not read.",
    )
