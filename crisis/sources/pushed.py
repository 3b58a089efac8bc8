"""Posts that another program hands in: JSON lines or one JSON array, each post good or refused by itself.

Pure. Does not know who hands in or how often they may (``workflows/push``). Fields we do not know are
passed over, so that a listening tool may send what it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from crisis.errors import InvalidInputError
from crisis.sources.bounds import MAX_KEY, MAX_NAME
from crisis.sources.dates import from_iso
from crisis.sources.entries import language, shorten
from crisis.sources.markup import line, plain, web_address
from crisis.types import FeedPost

MOST = 2_000  # posts of one request
MOST_REACH = 10**15

_MARK = b"\xef\xbb\xbf"  # of byte order


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A post that cannot be taken: its place in the request, from 1, and why."""

    line: int
    de: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What a request held."""

    posts: tuple[FeedPost, ...]
    refused: tuple[Refused, ...]


class _NoPostError(Exception):
    """Why one post cannot be taken, in both languages."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.de, self.en = de, en


def read(body: bytes, content_type: str = "") -> Handed:
    """The posts of a request.

    ``application/json``: an array, one object, or an object with ``posts``; anything else: one JSON object
    a line. Raises InvalidInputError if nothing of it can be read, or it holds more than ``MOST`` posts.
    """
    if not body.removeprefix(_MARK).strip():
        raise InvalidInputError(
            "Die Anfrage ist leer. Es wurde nichts angenommen.",
            "The request is empty. Nothing was taken.",
        )
    posts: list[FeedPost] = []
    refused: list[Refused] = []
    for number, thing in _things(body, content_type):
        if len(posts) + len(refused) >= MOST:
            raise InvalidInputError(
                f"Höchstens {MOST} Beiträge in einer Anfrage. Es wurde keiner angenommen.",
                f"At most {MOST} posts in one request. None was taken.",
            )
        try:
            posts.append(_post(thing))
        except _NoPostError as error:
            refused.append(Refused(line=number, de=error.de, en=error.en))
    return Handed(posts=tuple(posts), refused=tuple(refused))


def _things(body: bytes, content_type: str) -> Iterator[tuple[int, Any]]:
    body = body.removeprefix(_MARK)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json" or (not kind and body.lstrip()[:1] == b"["):
        whole = _loads(body)
        if isinstance(whole, _NoPostError):
            raise InvalidInputError(
                f"Die Anfrage ist {whole.de} Es wurde nichts angenommen.",
                f"The request is {whole.en} Nothing was taken.",
            )
        if isinstance(whole, dict) and isinstance(whole.get("posts"), list):
            whole = whole["posts"]
        yield from enumerate(whole if isinstance(whole, list) else [whole], 1)
        return
    for number, raw in enumerate(body.split(b"\n"), 1):
        if raw.strip():
            yield number, _loads(raw)


def _loads(raw: bytes) -> Any:
    """The value, or the error that says why there is none."""
    try:
        return json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _NoPostError("kein UTF-8.", "not UTF-8.")
    except (ValueError, RecursionError):
        return _NoPostError("kein gültiges JSON.", "not valid JSON.")


def _post(thing: Any) -> FeedPost:
    if isinstance(thing, _NoPostError):
        raise thing
    if not isinstance(thing, dict):
        raise _NoPostError("kein JSON-Objekt.", "not a JSON object.")
    text = shorten(plain(_text(thing, "text", needed=True)))
    if not text:
        raise _NoPostError("„text“ ist leer.", "“text” is empty.")
    url = web_address(_text(thing, "url"))
    author = line(_text(thing, "author"), MAX_NAME)
    return FeedPost(
        key=_key(thing) or url or _hash(text, author, _text(thing, "published")),
        text=text,
        url=url,
        author=author,
        published=_published(thing),
        lang=language(_text(thing, "lang")),
        place=line(_text(thing, "place"), MAX_NAME),
        reach=_reach(thing),
    )


def _text(thing: dict[str, Any], name: str, *, needed: bool = False) -> str:
    value = thing.get(name)
    if value is None and not needed:
        return ""
    if not isinstance(value, str):
        raise _NoPostError(
            f"„{name}“ fehlt oder ist kein Text.", f"“{name}” is missing or no text."
        )
    return value.encode("utf-8", "replace").decode()


def _key(thing: dict[str, Any]) -> str:
    value = thing.get("id")
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise _NoPostError("„id“ ist weder Text noch Zahl.", "“id” is neither text nor number.")
    key = "" if value is None else str(value).strip().encode("utf-8", "replace").decode()
    return key if len(key) <= MAX_KEY else _hash(key)


def _published(thing: dict[str, Any]) -> Any:
    text = _text(thing, "published")
    if not text:
        return None
    found = from_iso(text)
    if found is None:
        raise _NoPostError(
            "„published“ ist keine Zeit wie 2026-11-30T12:00:00Z.",
            "“published” is no time such as 2026-11-30T12:00:00Z.",
        )
    return found


def _reach(thing: dict[str, Any]) -> int | None:
    value = thing.get("reach")
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # 12.0 is a whole number in JSON
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_REACH:
        raise _NoPostError(
            "„reach“ ist keine ganze Zahl ab 0.", "“reach” is no whole number from 0 on."
        )
    return value


def _hash(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
