"""How a mail looks: the same blocks as plain text and as HTML. Knows no incident and no language rule.

The HTML is for phones first: one column, no table, nothing fetched from anywhere, colours that also work
in the dark. Every word is escaped here, so that no writer of blocks can forget it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH = 72  # of the plain text; RFC 5322 recommends lines below 78 characters


@dataclass(frozen=True, slots=True)
class Banner:
    """What must not be overlooked; ``tone`` is "urgent", "drill" or "calm"."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Title:
    """What the mail is about."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Begins a part of the mail."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A few short sentences, one below the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words, and where and when they said them."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True)
class Button:
    """The one link of the mail."""

    label: str
    link: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One of several things the mail lists, with a link of its own if it has one."""

    title: str
    text: str
    label: str = ""
    link: str = ""
    tone: str = "calm"  # or "urgent"


Block = Banner | Title | Heading | Paragraph | Points | Quote | Button | Entry


# --- plain text ------------------------------------------------------------------------------


def as_text(blocks: Sequence[Block], footer: str) -> str:
    """The mail as plain text. Ends with the customary "-- " line and ``footer``."""
    parts = [_text(block) for block in blocks]
    return "\n\n".join(parts) + f"\n\n-- \n{_wrapped(footer)}\n"


def _text(block: Block) -> str:
    match block:
        case Banner(text=text):
            return _wrapped(text, "*** ", "    ")
        case Title(text=text):
            return _wrapped(text)
        case Heading(text=text):
            return f"{_wrapped(text)}\n{'-' * min(len(text), _WIDTH)}"
        case Paragraph(text=text):
            return _wrapped(text)
        case Points(lines=lines):
            return "\n".join(_wrapped(line, "- ", "  ") for line in lines)
        case Quote(text=text, origin=origin):
            said = "\n".join(_wrapped(line, "> ", "> ") for line in text.split("\n"))
            return f"{_wrapped(origin + ':')}\n{said}"
        case Entry(title=title, text=text, label=label, link=link):
            head = f"{_wrapped(title, '* ', '  ')}\n{_wrapped(text, '  ', '  ')}"
            return head + (f"\n  {label}:\n{link}" if link else "")
        case Button(label=label, link=link, hint=hint):
            # The address alone on its line and never broken, or it could not be opened.
            return f"{_wrapped(label + ':')}\n{link}" + (f"\n\n{_wrapped(hint)}" if hint else "")


def _wrapped(text: str, first: str = "", later: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_on_hyphens=False,
    )


# --- HTML ------------------------------------------------------------------------------------

_FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Fira Sans','Helvetica Neue',Arial,sans-serif"
# Inline styles carry the light look, since some programs drop <style>; it only turns the colours dark.
_PAGE = f"margin:0;padding:0;background:#eef1f5;color:#171a2b;font-family:{_FONT};"
_CARD = (
    "max-width:600px;margin:0 auto;padding:20px 20px 24px;background:#ffffff;"
    "font-size:16px;line-height:1.5;overflow-wrap:anywhere;"
)
_TONES = {
    "urgent": "background:#b3122b;color:#ffffff;",
    "drill": "background:#ffd43b;color:#171a2b;",
    "calm": "background:#dfe7f8;color:#12306b;",
}
_BANNER = "margin:0 0 16px;padding:10px 14px;border-radius:6px;font-weight:600;"
_TITLE = "margin:0 0 12px;font-size:22px;line-height:1.3;font-weight:700;"
_HEADING = "margin:28px 0 8px;font-size:16px;line-height:1.4;font-weight:700;"
_TEXT = "margin:0 0 12px;"
_SMALL = "margin:0 0 12px;font-size:14px;color:#4a5064;"
_LIST = "margin:0 0 12px;padding:0 0 0 20px;"
_QUOTE = (
    "margin:0 0 12px;padding:10px 14px;border-left:4px solid #8d97b2;background:#f4f6fa;"
    "border-radius:0 6px 6px 0;"
)
_ORIGIN = "margin:0 0 4px;font-size:14px;color:#4a5064;"
_BUTTON = (
    "display:block;padding:15px 20px;border-radius:8px;background:#171a6b;color:#ffffff;"
    "font-size:18px;font-weight:700;text-align:center;text-decoration:none;"
)
_ENTRY = "margin:0 0 12px;padding:10px 14px;background:#f4f6fa;border-radius:0 6px 6px 0;"
_LINK = "display:inline-block;padding:8px 0;color:#171a6b;font-weight:600;"
_FOOTER = (
    "margin:24px 0 0;padding:14px 0 0;border-top:1px solid #ccd2e0;font-size:14px;color:#4a5064;"
)
_DARK = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background: #0f111a !important; color: #eceef6 !important; }
  .card { background: #181b28 !important; }
  .quote { background: #222637 !important; border-color: #6d78a0 !important; }
  .entry { background: #222637 !important; }
  .hot { border-color: #ff6b7d !important; }
  .link { color: #a8b8ff !important; }
  .soft { color: #b4bbd0 !important; }
  .button { background: #a8b8ff !important; color: #10133d !important; }
  .calm { background: #263456 !important; color: #d6e2ff !important; }
  .urgent { background: #c9243d !important; }
  .foot { border-color: #3a4058 !important; }
}
"""


def as_html(blocks: Sequence[Block], *, lang: str, subject: str, preview: str, footer: str) -> str:
    """The mail as one HTML page in this language; an inbox shows ``preview`` beside the subject."""
    body = "\n".join(_html(block) for block in blocks)
    hidden = "display:none;max-height:0;overflow:hidden;"
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="supported-color-schemes" content="light dark">\n'
        '<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">\n'
        f"<title>{escape(subject)}</title>\n<style>{_DARK}</style>\n</head>\n"
        f'<body class="page" style="{_PAGE}">\n<div style="{hidden}">{escape(preview)}</div>\n'
        f'<div class="card" style="{_CARD}">\n{body}\n'
        f'<p class="foot soft" style="{_FOOTER}">{escape(footer)}</p>\n</div>\n</body>\n</html>\n'
    )


def headed(page: str, block: Block) -> str:
    """A page that ``as_html`` wrote, with one more block on top."""
    before, card, rest = page.partition(f'<div class="card" style="{_CARD}">\n')
    return f"{before}{card}{_html(block)}\n{rest}" if card else f"{_html(block)}\n{page}"


def _html(block: Block) -> str:
    match block:
        case Banner(text=text, tone=tone):
            return f'<p class="{tone}" style="{_BANNER}{_TONES[tone]}">{escape(text)}</p>'
        case Title(text=text):
            return f'<h1 style="{_TITLE}">{escape(text)}</h1>'
        case Heading(text=text):
            return f'<h2 style="{_HEADING}">{escape(text)}</h2>'
        case Paragraph(text=text, small=small):
            style = f'class="soft" style="{_SMALL}"' if small else f'style="{_TEXT}"'
            return f"<p {style}>{escape(text)}</p>"
        case Points(lines=lines):
            items = "".join(f'<li style="margin:0 0 4px;">{escape(line)}</li>' for line in lines)
            return f'<ul style="{_LIST}">{items}</ul>'
        case Quote(text=text, origin=origin):
            said = "<br>".join(escape(line) for line in text.split("\n"))
            return (
                f'<blockquote class="quote" style="{_QUOTE}"><p class="soft" style="{_ORIGIN}">'
                f'{escape(origin)}</p><p style="margin:0;">{said}</p></blockquote>'
            )
        case Entry(title=title, text=text, label=label, link=link, tone=tone):
            heat, edge = ("hot", "#b3122b") if tone == "urgent" else ("cool", "#8d97b2")
            to = (
                f'<p style="margin:8px 0 0;"><a class="link" href="{escape(link)}" '
                f'style="{_LINK}">{escape(label)}</a></p>'
                if link
                else ""
            )
            return (
                f'<div class="entry {heat}" style="{_ENTRY}border-left:4px solid {edge};">'
                f'<p style="margin:0;font-weight:600;">{escape(title)}</p>'
                f'<p class="soft" style="{_ORIGIN}">{escape(text)}</p>{to}</div>'
            )
        case Button(label=label, link=link, hint=hint):
            below = f'<p class="soft" style="{_SMALL}">{escape(hint)}</p>' if hint else ""
            return (
                f'<p style="margin:20px 0 10px;"><a class="button" href="{escape(link)}" '
                f'style="{_BUTTON}">{escape(label)}</a></p>{below}'
            )
