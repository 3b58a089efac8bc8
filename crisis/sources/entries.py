"""What every kind of feed has in common once its entries were found: one text, one key, newest first.

Knows no format: ``xmlfeed`` and ``jsonfeed`` fill ``Entry``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from operator import itemgetter

from crisis.sources import remarks as remark_words
from crisis.sources.bounds import MAX_ALL_TEXT, MAX_KEY, MAX_NAME, MAX_POSTS, MAX_TEXT
from crisis.sources.markup import line
from crisis.types import FeedContent, FeedPost

_LANG = re.compile(r"[a-z]{2,3}(?![a-z])")
_CUT = re.compile(r"(?:\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\]))+$")
_COUNT = re.compile("[0-9]{1,15}")
_NO_WORD = re.compile(r"\W+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as a format gives it: texts are clean already, the rest is raw."""

    id: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    author: str = ""
    published: datetime | None = None
    lang: str = ""
    place: str = ""
    reach: str = ""  # a number, if the feed counts how many saw it


def assemble(
    entries: Sequence[Entry],
    *,
    title: str = "",
    lang: str = "",
    remarks: Iterable[str] = (),
    ask_every: int | None = None,
    hub: str = "",
    topic: str = "",
) -> FeedContent:
    """The feed's content: every entry a post, each once, newest first, at most ``MAX_POSTS``.

    Newest first only where every entry says when it was published; otherwise the feed's own order.
    """
    lang = language(lang)
    posts = _each_once([_post(entry, lang) for entry in entries])
    dates = [post.published for post in posts if post.published]
    if len(dates) == len(posts):
        newest = sorted(zip(dates, posts, strict=True), key=itemgetter(0), reverse=True)
        posts = [post for _, post in newest]
    kept = _bounded(posts)
    said = list(remarks)
    if not entries:
        said.append(remark_words.EMPTY)
    if len(kept) < len(posts):
        said.append(remark_words.NEWEST.format(len(kept)))
    if silent := sum(not post.text for post in kept):
        said.append(remark_words.SILENT.format(silent))
    return FeedContent(
        title=line(title, MAX_NAME),
        lang=lang,
        posts=tuple(kept),
        remarks=tuple(said),
        ask_every=ask_every,
        hub=hub,
        topic=topic,
    )


def join(title: str, body: str) -> str:
    """Title and body as one text; the title is not said twice if the body begins with it."""
    start, text = _words(_CUT.sub("", title)), _words(body)
    if not start or text.startswith(start):
        return body or title
    if text and start.startswith(_words(_CUT.sub("", body))):
        return title
    return f"{title}\n{body}".strip()


def language(name: str) -> str:
    """The primary tag of a language name: "de" of "de-DE"; "" if it is none."""
    found = _LANG.match(name.strip().lower().replace("_", "-"))
    return found[0] if found else ""


def shorten(text: str) -> str:
    """At most ``MAX_TEXT`` characters, cut at a space where one is near."""
    if len(text) <= MAX_TEXT:
        return text
    cut = text[: MAX_TEXT - 2]
    return (cut.rsplit(maxsplit=1)[0] if " " in cut[-200:] else cut) + " …"


def _words(text: str) -> str:
    return _NO_WORD.sub(" ", text).strip().casefold()


def _post(entry: Entry, lang: str) -> FeedPost:
    text = shorten(join(entry.title, entry.body))
    return FeedPost(
        key=_short(
            entry.id.strip() or entry.link or _hash(text, entry.author, str(entry.published))
        ),
        text=text,
        url=entry.link,
        author=line(entry.author, MAX_NAME),
        published=entry.published,
        lang=language(entry.lang) or lang,
        place=line(entry.place, MAX_NAME),
        reach=int(entry.reach) if _COUNT.fullmatch(entry.reach) else None,
    )


def _each_once(posts: list[FeedPost]) -> list[FeedPost]:
    """Every post once. Where different posts share a key, each gets its own.

    Some feeds give every entry the address of the home page. All of them are told apart, not all
    but the first, so that keys stay when a newer entry takes the first place.
    """
    by_key: dict[str, dict[str, tuple[int, FeedPost]]] = defaultdict(dict)
    for at, post in enumerate(posts):
        by_key[post.key].setdefault(post.text, (at, post))
    told: list[tuple[int, FeedPost]] = []
    for same in by_key.values():
        told.extend(same.values() if len(same) == 1 else _told_apart(list(same.values())))
    return [post for _, post in sorted(told, key=itemgetter(0))]


def _told_apart(same: list[tuple[int, FeedPost]]) -> list[tuple[int, FeedPost]]:
    """These with a mark behind their keys: of their links if these differ, which outlive an edit."""
    by_link = len({post.url for _, post in same}) == len(same)
    return [
        (at, replace(post, key=f"{post.key}#{_hash(post.url if by_link else post.text)[:16]}"))
        for at, post in same
    ]


def _bounded(posts: Sequence[FeedPost]) -> list[FeedPost]:
    kept: list[FeedPost] = []
    room = MAX_ALL_TEXT
    for post in posts[:MAX_POSTS]:
        room -= len(post.text)
        if room < 0:
            break
        kept.append(post)
    return kept


def _short(key: str) -> str:
    key = key.encode("utf-8", "replace").decode()
    return key if len(key) <= MAX_KEY else _hash(key)


def _hash(*parts: str) -> str:
    return sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
