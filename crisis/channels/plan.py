"""What must happen on which channel when an answer is released, corrected or withdrawn. Pure.

Makes no rows and sends nothing: ``workflows.publish`` keeps what is planned here and does it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from crisis.channels.networks import NETWORKS, Network, Way
from crisis.channels.split import split
from crisis.errors import InvalidInputError
from crisis.playbooks.blanks import fill, fill_plain
from crisis.playbooks.render import to_text
from crisis.playbooks.thread import posts
from crisis.types import (
    Picture,
    Publication,
    PublicationAct,
    PublicationState,
    Response,
    ResponseState,
)

_A, _S = PublicationAct, PublicationState
OPEN = frozenset({_S.WAITING, _S.SENDING})
FRESH = frozenset({_A.PUBLISH, _A.REPEAT, _A.REPLY})  # posts of their own
NEW_WORDS = FRESH | {_A.EDIT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A channel as it is set up here."""

    code: str
    most: int | None = None  # as its server says; None: as the table says
    readers: tuple[str, ...] = ()  # addresses of a mailing list
    picked: bool = True  # ticked unless somebody takes the tick away

    @property
    def network(self) -> Network:
        return NETWORKS[self.code]

    @property
    def limit(self) -> int | None:
        return self.most if self.most is not None else self.network.most


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """Where an answer is to go, and what its texts need to know of the house."""

    outlets: tuple[Outlet, ...] = ()
    page: str = ""  # address of public pages with {slug}; "" where the public cannot reach it
    zone: tzinfo
    authority: str = ""

    def link(self, response: Response) -> str:
        return self.page.format(slug=response.slug) if self.page and response.slug else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One post, mail or call that is to go out."""

    text: str
    more: Mapping[str, Any] = field(default_factory=dict)


def takes(network: Network, response: Response) -> list[str]:
    """Which of the answer's texts could go onto this network, the best first."""
    return [code for code in network.texts if response.texts.get(code, "").strip()]


def pieces(outlet: Outlet, response: Response, going: Going, when: datetime) -> list[Piece]:
    """What goes out there, in order. A correction says so itself, with its day and hour.

    Raises InvalidInputError where the answer has no text for it, or none that fits.
    """
    network, link = outlet.network, going.link(response)
    texts = [
        _whole(response.texts[code], response, network, going, when)
        for code in takes(network, response)
    ]
    if not texts:
        raise InvalidInputError(
            f"Für {network.de} hat diese Antwort keinen Text. Bitte nehmen Sie das Häkchen weg.",
            f"This answer has no text for {network.en}. Please remove the tick.",
        )
    title = fill_plain(response.title, response.values)
    more: dict[str, Any] = {"title": title, "lang": response.lang, "link": link}
    if response.pictures:
        more["pictures"] = [
            {"alt": one.alt, "sha256": one.sha256, "file": one.file, "source": one.source}
            for one in response.pictures
        ]
    if outlet.code == "webhook":
        said = payload(response, link, "published")
        return [Piece(text=texts[0], more=more | {"payload": said})]
    if network.mail:
        more["subject"] = _subject(title, response, again=response.replaces is not None)
        return [Piece(text=texts[0], more=more | {"to": address}) for address in outlet.readers]
    if network.thread:
        parts = split(texts[0], outlet.limit, network.measure)
        return [Piece(text=part, more=more) for part in parts]
    return [Piece(text=_fitting(texts, outlet, link), more=more)]


def _subject(title: str, response: Response, *, again: bool = False) -> str:
    german = response.lang.startswith("de")
    if response.state is ResponseState.WITHDRAWN:
        return f"{'Zurückgezogen' if german else 'Withdrawn'}: {title}"
    if not again:
        return title
    if response.follows:
        return f"{'Aktualisierung' if german else 'Update'}: {title}"
    return f"{'Berichtigung' if german else 'Correction'}: {title}"


def withdrawn_subject(response: Response) -> str:
    """The subject of a mail that says that the answer is withdrawn."""
    return _subject(fill_plain(response.title, response.values), response)


def _whole(
    markdown: str, response: Response, network: Network, going: Going, when: datetime
) -> str:
    """The text with its blanks filled, what was corrected, and the page's address."""
    text, link = to_text(fill(markdown, response.values)), going.link(response)
    text = _parted(text, thread=network.thread)  # the posts are numbered when all are known
    if response.replaces is not None:
        text = f"{text}\n\n{corrected_line(response, going.zone, when)}"
    # A network shows a card with the address, or pictures: then the address stands in the text.
    return f"{text}\n\n{link}" if link and (network.link or response.pictures) else text


def _fitting(texts: Sequence[str], outlet: Outlet, link: str) -> str:
    """The first text that fits into one post, rather without its address than not at all."""
    network, most = outlet.network, outlet.limit
    tried = (*texts, *(text.removesuffix(link).rstrip() for text in texts))
    for text in tried:
        if most is None or network.measure(text) <= most:
            return text
    shortest = min(network.measure(text) for text in tried)
    raise InvalidInputError(
        f"Für {network.de} ist der Text zu lang ({shortest} von {most}).",
        f"The text is too long for {network.en} ({shortest} of {most}).",
    )


def payload(response: Response, link: str, event: str) -> dict[str, Any]:
    """The answer as another program gets it: docs/operate/channels.md describes it."""
    return {
        "event": f"answer.{event}",
        "answer": {
            "id": response.id,
            "slug": response.slug,
            "revision": response.revision,
            "url": link,
            "lang": response.lang,
            "title": fill_plain(response.title, response.values),
            "texts": {
                code: _parted(to_text(fill(text, response.values)), thread=code == "thread")
                for code, text in response.texts.items()
            },
            "pictures": [
                {"url": picture_address(link, one), "alt": one.alt, "source": one.source}
                for one in response.pictures
                if link
            ],
            "note": response.change_note,
            "released_at": response.released_at.isoformat() if response.released_at else None,
        },
    }


def _parted(text: str, *, thread: bool) -> str:
    """A thread post by post, without the author's numbers; anything else as it is."""
    return "\n\n---\n\n".join(posts(text)) if thread else text


def picture_address(link: str, picture: Picture) -> str:
    """Where a picture of the answer at ``link`` stands; another picture has another address."""
    return f"{link}/abbildung/{picture_name(picture)}"


def picture_name(picture: Picture) -> str:
    """The last part of its address."""
    return f"{picture.sha256[:16]}.{picture.file.rpartition('.')[2]}"


def corrected_line(response: Response, zone: tzinfo, when: datetime) -> str:
    """What stands under a correction, and under what takes the place of a first statement."""
    note, followed = response.change_note.strip(), response.follows
    if response.lang.startswith("de"):
        done = "Aktualisiert" if followed else "Berichtigt"
        return f"{done} am {_moment(when, zone, 'de')}: {note}"
    done = "Updated" if followed else "Corrected"
    return f"{done} on {_moment(when, zone, 'en')}: {note}"


def withdrawn_text(response: Response, link: str, zone: tzinfo, when: datetime) -> str:
    """What stands where the answer stood."""
    reason, title = response.change_note.strip(), fill_plain(response.title, response.values)
    if response.lang.startswith("de"):
        said = f"Zurückgezogen am {_moment(when, zone, 'de')}: „{title}“\n\n{reason}"
    else:
        said = f"Withdrawn on {_moment(when, zone, 'en')}: “{title}”\n\n{reason}"
    return f"{said}\n\n{link}" if link else said


def shortened(text: str, link: str, most: int | None, network: Network) -> str:
    """``text`` in one post: the middle gives way, the address at the end stays."""
    if most is None or network.measure(text) <= most:
        return text
    end = f"…\n\n{link}" if link else "…"
    head = text.removesuffix(f"\n\n{link}") if link else text
    while head and network.measure(head + end) > most:
        head = head[:-1]
    return head.rstrip() + end


def _moment(when: datetime, zone: tzinfo, lang: str) -> str:
    local = when.astimezone(zone)
    if lang == "de":
        return f"{local:%d.%m.%Y}, {local:%H:%M} Uhr"
    return f"{local:%d/%m/%Y, %H:%M}"


def key(
    response_id: int,
    channel: str,
    act: PublicationAct,
    part: int,
    created: datetime,
    turn: int = 0,
) -> str:
    """What makes this publication recognisable at every try: 32 hexadecimal digits."""
    said = f"{response_id}|{channel}|{act}|{part}|{created.isoformat(timespec='microseconds')}"
    if turn:
        said = f"{said}|{turn}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


# --- before and after sending -------------------------------------------------------------------


def may_go(what: Publication, response: Response) -> bool:
    """Whether this may go out now: new words only while their answer is released, and never an exercise's.

    What takes words away or says that they are withdrawn may always go.
    """
    if response.drill or what.state not in OPEN:
        return False
    if what.act in NEW_WORDS:
        return response.state is ResponseState.RELEASED
    return True


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What a newer version means for one channel: rows that change, and how the new text gets out."""

    edits: Sequence[tuple[Publication, Piece]] = ()  # new words in the place of old ones
    fresh: Sequence[Piece] = ()  # as new posts
    gone: Sequence[Publication] = ()  # to be taken away


def correct(old: Sequence[Publication], new: Sequence[Piece], way: Way) -> CarryOver:
    """How ``new`` takes the place of what is, or may be, out (``old``, in order of parts)."""
    if not old or way is Way.TELLS:
        return CarryOver(fresh=new)
    if way is Way.REMOVES:
        return CarryOver(fresh=new, gone=old)
    both = min(len(old), len(new))
    return CarryOver(
        edits=tuple(zip(old[:both], new[:both], strict=True)), fresh=new[both:], gone=old[both:]
    )


def withdraw(way: Way, part: int) -> PublicationAct:
    """What is done to a post that is out when its answer is withdrawn."""
    if way is Way.TELLS or (way is Way.EDITS and part == 1):
        return _A.RETRACT
    return _A.REMOVE
