"""Stand-ins for what a test cannot have: other people's servers, a mail server's moods, a whole matcher.

The store, the folder, the links and the reader are always the real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace
from typing import ClassVar

from crisis.errors import ConflictError, FetchError
from crisis.sources import read
from crisis.types import (
    Alert,
    Band,
    FeedContent,
    Fetched,
    Image,
    Match,
    Playbook,
    Rumour,
    SourceKind,
    Stance,
)


class FakeFetch:
    """Serves what was put into ``pages``: bytes, or an error to raise."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | Exception] = {}
        self.asked: list[str] = []

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
        self.asked.append(url)
        page = self.pages.get(url, FetchError("Nicht da.", "Not there."))
        if isinstance(page, Exception):
            raise page
        mark = f'"{len(page)}"'
        if etag == mark:
            return Fetched(body=b"", url=url, etag=mark, not_modified=True)
        return Fetched(body=page, url=url, etag=mark)

    def status(self, url: str) -> int:
        self.asked.append(url)
        page = self.pages.get(url, FetchError("Nicht da.", "Not there.", status=404))
        if isinstance(page, FetchError):
            if getattr(page, "status", None) is None:
                raise page
            return int(page.status or 0)
        return 200


class HereReader:
    """The real reader, without a process around it."""

    def read(self, fetched: Fetched, kind: SourceKind = SourceKind.FEED) -> FeedContent:
        return read(kind, fetched.body, url=fetched.url, asked=fetched.asked)

    def close(self) -> None:
        pass


class FakeMailer:
    """Keeps what it was given; ``fail`` may raise first."""

    def __init__(self) -> None:
        self.sent: list[Alert] = []
        self.fail: Callable[[Alert], None] = lambda alert: None

    def send(self, alert: Alert, go: Callable[[], None] | None = None) -> None:
        if go is not None:
            go()
        self.fail(alert)
        self.sent.append(alert)

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    def forget_exercise(self) -> int:
        return 0


class FakeIndex:
    """Recognises a rumour by its id behind a sign: #id carries it, ?id perhaps, !id corrects it."""

    SIGNS: ClassVar = {
        "#": (0.95, Band.RAISE, Stance.SPREADS),
        "?": (0.5, Band.SUGGEST, Stance.ASKS),
        "!": (0.9, Band.SUGGEST, Stance.CORRECTS),
    }

    def __init__(self, rumours: Sequence[Rumour]) -> None:
        self.ids = [rumour.id for rumour in rumours]
        self.explode = ""  # a word at which it gives up
        self.model = SimpleNamespace(version="fake")
        self.bands = SimpleNamespace(raise_at=0.9, suggest_at=0.4)
        self.sight = None
        self.thrifty = False  # as it was last asked

    def match(
        self,
        texts: Sequence[str],
        langs: Sequence[str] | None = None,
        *,
        top: int = 3,
        banded: bool = False,
        thrifty: bool = False,
    ) -> list[list[Match]]:
        self.thrifty = thrifty
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> list[Match]:
        for sign, (score, band, stance) in self.SIGNS.items():
            for found in self.ids:
                if sign + found in text:
                    at = text.index(found)
                    return [
                        Match(
                            rumour_id=found,
                            score=score,
                            band=band,
                            stance=stance,
                            phrasing=found,
                            marks=((at, at + len(found)),),
                            model="fake",
                        )
                    ]
        return []


class FakeShelf:
    """Playbooks in memory."""

    def __init__(self) -> None:
        self.files: dict[str, Playbook] = {}
        self.pictures: dict[str, bytes] = {}

    def playbooks(self) -> Sequence[Playbook]:
        return tuple(self.files.values())

    def whole(self, name: str, text: str) -> str:
        return text

    def save(self, name: str, text: str, expected_sha256: str | None) -> str:
        from crisis.playbooks.parse import parse

        known = self.files.get(name)
        if expected_sha256 and known is not None and known.sha256 != expected_sha256:
            raise ConflictError("Inzwischen geändert.", "Changed meanwhile.")
        self.files[name] = parse(name, text)
        return self.files[name].sha256

    def picture(self, file: str) -> Image:
        return Image(
            content=self.pictures[file], media_type="image/png", alt="", width=200, height=100
        )


def feed(*texts: str, title: str = "Stadtgespräch", lang: str = "de") -> bytes:
    """An RSS feed of these posts, the last one newest."""
    items = "".join(
        f"<item><guid>k{number}</guid><description>{text}</description></item>"
        for number, text in reversed(list(enumerate(texts)))
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title>'
        f"<language>{lang}</language>{items}</channel></rss>"
    ).encode()
