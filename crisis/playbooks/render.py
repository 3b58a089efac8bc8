"""Markdown of ours into safe HTML or plain text. Knows nothing of playbooks or channels.

Two fences, one behind the other: markdown-it turns raw HTML into visible text, and nh3 lets only a
short list of harmless elements through. Of images only their description is shown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_TAGS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br"}
    | {"hr", "code", "pre", "table", "thead", "tbody", "tr", "th", "td"}
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SPACES = re.compile(r"[ \t]+")


def tokens(markdown: str) -> list[Token]:
    """The block tokens of a Markdown text, as every function here sees it."""
    return _markdown().parse(markdown)


def is_safe_link(href: str) -> bool:
    """Whether a link leads somewhere by itself, and by one of the four schemes we allow."""
    try:
        parts = urlsplit(href.strip())
    except ValueError:
        return False
    if parts.scheme.lower() not in SCHEMES:
        return False
    return bool(parts.netloc if parts.scheme.lower() in ("http", "https") else parts.path)


def to_html(markdown: str, *, top: int = 3) -> str:
    """Safe HTML. The highest heading of the text becomes level ``top`` (2 to 6), others follow
    without gaps, so that the page around it keeps its outline."""
    md = _markdown()
    parsed = md.parse(markdown)
    _shift_headings(parsed, top)
    html = md.renderer.render(parsed, md.options, {})
    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )


def to_text(markdown: str) -> str:
    """Plain text to be copied: no markup, links as "text (address)", lists with "- "."""
    out = _Text()
    for token in tokens(markdown):
        out.take(token)
    return "\n\n".join(out.blocks)


def first_paragraph(markdown: str, *, most: int = 300) -> str:
    """The first paragraph as plain text, cut at a word with "…" if longer than ``most`` characters."""
    parsed = tokens(markdown)
    found = ""
    for before, token in pairwise(parsed):
        if before.type == "paragraph_open":
            found = " ".join(inline_text(token.children).split())
            if found:
                break
    if len(found) <= most:
        return found
    return found[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:–-") + "…"


class _Text:
    """Plain text as it grows, block by block. A list or a table is one block of several lines."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._lists: list[int | None] = []  # the next number of every open list; None: no numbers
        self._marker = ""
        self._row: list[str] | None = None
        self._joins = False  # whether the next line belongs to the block before

    def take(self, token: Token) -> None:
        kind = token.type
        if kind == "bullet_list_open":
            self._lists.append(None)
        elif kind == "ordered_list_open":
            start = token.attrGet("start")
            self._lists.append(1 if start is None else int(start))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            self._joins = bool(self._lists)
        elif kind == "list_item_open":
            self._marker = self._next_marker()
        elif kind == "tr_open":
            self._row = []
        elif kind == "tr_close":
            self._line(", ".join(cell for cell in self._row or () if cell), joins=True)
            self._row = None
        elif kind == "table_close":
            self._joins = bool(self._lists)
        elif kind == "inline":
            self._inline(inline_text(token.children))
        elif kind in ("fence", "code_block"):
            self._inline(token.content.rstrip("\n"))
        elif kind == "hr":  # between the posts of a thread, see ``limits.posts``
            self._line("---", joins=False)

    def _inline(self, text: str) -> None:
        if self._row is None:
            self._line(text, joins=bool(self._lists))
        else:
            self._row.append(text)

    def _line(self, text: str, *, joins: bool) -> None:
        if not text:
            return
        margin = "  " * (len(self._lists) - 1)
        text = margin + self._marker + text.replace("\n", "\n" + margin)
        if self._joins and self.blocks:
            self.blocks[-1] += "\n" + text
        else:
            self.blocks.append(text)
        self._marker, self._joins = "", joins

    def _next_marker(self) -> str:
        number = self._lists[-1]
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "


def _markdown() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False}).enable("table")
    md.add_render_rule("image", _description)
    return md


def _description(
    renderer: object, tokens: Sequence[Token], idx: int, options: object, env: object
) -> str:
    """What an image shows, in words."""
    return escapeHtml(tokens[idx].content)


def inline_text(children: Sequence[Token] | None) -> str:
    """Plain text of one paragraph, without recursion: depth is the author's, not ours."""
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for token in children or ():
        if token.type == "link_open":
            links.append((str(token.attrGet("href") or ""), len(out)))
        elif token.type == "link_close":
            href, start = links.pop()
            out.append(_address(href, "".join(out[start:])))
        elif token.type == "softbreak":
            out.append(" ")
        elif token.type == "hardbreak":
            out.append("\n")
        else:  # text, code, and the description of an image
            out.append(token.content)
    lines = _SPACES.sub(" ", "".join(out)).split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def _address(href: str, label: str) -> str:
    if not is_safe_link(href):
        return ""
    plain = href.removeprefix("mailto:").removeprefix("tel:")
    bare = "".join(label.split())
    return "" if plain in label or plain in bare else f" ({plain})"


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if is_safe_link(value) else None
    if name == "rel":
        return value  # set by nh3 itself; authors cannot
    return value if value.isascii() and value.isdigit() else None


def _shift_headings(parsed: list[Token], top: int) -> None:
    """Close the gaps between heading levels and begin at ``top``."""
    levels = sorted({token.tag for token in parsed if token.type == "heading_open"})
    new = {tag: f"h{min(top + place, 6)}" for place, tag in enumerate(levels)}
    for token in parsed:
        if token.type in ("heading_open", "heading_close"):
            token.tag = new[token.tag]
