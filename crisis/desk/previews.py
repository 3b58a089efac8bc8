"""The texts of an answer as readers of each channel get them, with what people filled in marked.

Makes no text of its own: ``playbooks`` fills and renders. Decides nothing about an answer.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from crisis.desk import here, words
from crisis.playbooks.blanks import fill as filled
from crisis.playbooks.blanks import fill_plain
from crisis.playbooks.render import to_html, to_text
from crisis.playbooks.thread import numbered, posts
from crisis.responses import blanks
from crisis.responses.limits import CHANNELS, Size, sizes
from crisis.types import Picture, Response

# Two characters of Unicode's private use area stand around filled-in values while the text is made, so
# that they can be marked afterwards. What people type cannot hold them: ``check_value`` refuses them.
_OPEN, _CLOSE = "\ue000", "\ue001"


@dataclass(frozen=True, slots=True)
class Preview:
    """The answer as readers of one channel get it."""

    channel: str
    name: str
    html: Markup  # with what was filled in marked
    text: str  # to be copied
    sizes: Sequence[Size]
    plain: bool  # shown as plain text with its line breaks
    posts: Sequence[Markup] = ()  # of a thread, one by one
    pictures: Sequence[Picture] = ()  # that go along there
    page: bool = False  # a page of our own


def previews(response: Response, values: Mapping[str, str]) -> list[Preview]:
    """Every channel's text as readers get it; open blanks show their names in square brackets."""
    return of_texts(response.texts, values)


def of_texts(
    texts: Mapping[str, str],
    values: Mapping[str, str],
    *,
    top: int = 4,
    pictures: Sequence[Picture] = (),
) -> list[Preview]:
    """The same for texts by channel, of whatever they are; ``top``: the level of their highest heading."""
    names = {name for text in texts.values() for name in blanks.blanks(text)}
    usable = {n: values.get(n, "").strip() or f"[{n.replace('_', ' ')}]" for n in names}
    fenced = {n: f"{_OPEN}{_unfenced(value)}{_CLOSE}" for n, value in usable.items()}
    made = []
    order = list(CHANNELS)
    by_channel = sorted(
        texts.items(), key=lambda item: order.index(item[0]) if item[0] in order else 99
    )
    for code, text in by_channel:
        channel = CHANNELS.get(code)
        plain = to_text(filled(text, usable))
        page = channel is not None and channel.page
        shown = to_text(filled(text, fenced))
        html = to_html(filled(text, fenced), top=top) if page else str(escape(shown))
        parts = numbered(posts(shown)) if code == "thread" else []
        made.append(
            Preview(
                channel=code,
                name=words.either((channel.de, channel.en)) if channel else code,
                html=_marked(html),
                text="\n\n".join(numbered(posts(plain))) if code == "thread" else plain,
                sizes=sizes(code, plain) if channel else [],
                plain=not page,
                posts=[_marked(str(escape(part))) for part in parts],
                pictures=pictures if channel is not None and channel.pictures else (),
                page=page,
            )
        )
    return made


def _marked(html: str) -> Markup:
    """``html`` is escaped or cleaned already."""
    marked = html.replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return Markup(marked)  # noqa: S704 - by ``escape`` or ``to_html``


def headline(title: str, values: Mapping[str, str]) -> str:
    """The title with its blanks filled, or their names where they are open."""
    names = blanks.blanks(title)
    return fill_plain(title, {n: values.get(n, "").strip() or f"[{n}]" for n in names})


def _unfenced(value: str) -> str:
    return value.replace(_OPEN, "").replace(_CLOSE, "")


def changes(response: Response) -> list[tuple[str, Markup]]:
    """What a correction changes against the version that is public, channel by channel."""
    if response.replaces is None or response.follows:
        return []
    old = {p.channel: p.text for p in _texts(here.store().responses.get(response.replaces))}
    return [
        (preview.name, _difference(old.get(preview.channel, ""), preview.text))
        for preview in _texts(response)
        if old.get(preview.channel, "") != preview.text
    ]


def _texts(response: Response) -> list[Preview]:
    return previews(response, response.values)


def _difference(old: str, new: str) -> Markup:
    """Both texts in one, word by word: taken out and put in."""
    before, after = old.split(" "), new.split(" ")
    parts: list[Markup] = []
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for what, i1, i2, j1, j2 in matcher.get_opcodes():
        if what == "equal":
            parts.append(escape(" ".join(before[i1:i2])))
            continue
        if i2 > i1:
            parts.append(Markup("<del>{}</del>").format(" ".join(before[i1:i2])))
        if j2 > j1:
            parts.append(Markup("<ins>{}</ins>").format(" ".join(after[j1:j2])))
    return Markup(" ").join(parts)
