"""What may be wrong inside one answer: its length, its links, its order, its Markdown.

Says nothing about the header, nor about the style: see ``wording``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from crisis.playbooks.blanks import blanks, fill
from crisis.playbooks.limits import check as check_length
from crisis.playbooks.limits import sms
from crisis.playbooks.parts import NAMES, ORDER, correction
from crisis.playbooks.problem import Problem, Severity
from crisis.playbooks.render import is_safe_link, to_text
from crisis.playbooks.sections import Kind, Section

_CODE_BLANK = re.compile(r"`[^`\n]*\{\{[^`\n]*`")


def check_answer(file: str, section: Section, examples: Mapping[str, str]) -> list[Problem]:
    """Problems of one answer. ``examples`` holds a value for every declared blank; blanks that are
    not declared stand for their own names. Lines are those of the file."""
    if not section.text:
        return []
    values = {name: examples.get(name, name) for name in blanks(section.text)}
    filled = fill(section.text, values)
    found = list(_markdown_problems(filled, section.text))
    found += _length_problems(section, filled)
    if section.channel == "website" and section.kind is Kind.ANSWER:
        found += _order_problems(filled)
    return [
        Problem(file, section.text_line + line, severity, code, de, en)
        for line, severity, code, de, en in found
    ]


_Found = tuple[int, Severity, str, str, str]  # line from 0 within the section's text, and the rest


def _markdown_problems(filled: str, raw: str) -> Iterator[_Found]:
    html = MarkdownIt("commonmark", {"html": True})
    for line, token in _walk(html.parse(filled)):
        if token.type in ("html_block", "html_inline"):
            piece = token.content.strip().split("\n")[0][:40]
            yield (
                line,
                "warning",
                "raw-html",
                f"HTML wird nicht ausgeführt, sondern so gezeigt, wie es da steht: {piece}",
                f"HTML is not run but shown as it stands: {piece}",
            )
    for line, token in _walk(_trusting().parse(filled)):
        if token.type == "image":
            yield (
                line,
                "warning",
                "image",
                "Bilder werden noch nicht gezeigt; es bleibt nur ihre Beschreibung.",
                "Images are not shown yet; only their description remains.",
            )
        href = str(token.attrGet("href") or "") if token.type == "link_open" else None
        if href is not None and not is_safe_link(href):
            yield (
                line,
                "error",
                "link",
                (
                    f"Dieser Link führt nirgendwohin: „{href[:60]}“. Links beginnen mit https://, "
                    "mailto: oder tel:"
                ),
                f'This link leads nowhere: "{href[:60]}". Links begin with https://, mailto: or tel:',
            )
    for number, line_text in enumerate(raw.split("\n")):
        if _CODE_BLANK.search(line_text):
            yield (
                number,
                "warning",
                "blank-in-code",
                (
                    "Eine Lücke in `schrägen Strichen` zeigt beim Ausfüllen Zeichen, die nicht gemeint "
                    "sind. Nehmen Sie die Striche weg."
                ),
                (
                    "A blank between `backticks` shows characters nobody meant once filled. "
                    "Remove the backticks."
                ),
            )


def _trusting() -> MarkdownIt:
    """A reader that takes any address for a link, so that bad ones can be named."""
    reader = MarkdownIt("commonmark", {"html": False})
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    return reader


def _walk(tokens: list[Token]) -> Iterator[tuple[int, Token]]:
    """Every token with its line; those inside a paragraph have the line they stand on."""
    for token in tokens:
        line = token.map[0] if token.map else 0
        yield line, token
        for child in token.children or ():
            if child.type in ("softbreak", "hardbreak"):
                line += 1
            yield line, child


def _length_problems(section: Section, filled: str) -> Iterator[_Found]:
    text = to_text(filled)
    for de, en in check_length(section.channel, text):
        yield (
            0,
            "error",
            "too-long",
            f"Mit den Beispielen ausgefüllt {de}",
            f"Filled with the examples, {en}",
        )
    if section.channel != "sms":
        return
    size = sms(text)
    if size.parts > 1:
        because = f" ({size.alphabet}: {size.unusual[:10]})" if size.unusual else ""
        yield (
            0,
            "hint",
            "sms-parts",
            (
                f"Diese SMS braucht {size.parts} Teile{because}. In einen passen 160 Zeichen, mit "
                "Sonderzeichen 70."
            ),
            (
                f"This text message takes {size.parts} parts{because}. One holds 160 characters, 70 with "
                "special ones."
            ),
        )


def _order_problems(filled: str) -> Iterator[_Found]:
    parts = correction(filled)
    lacking = [part for part in ORDER if part not in parts]
    if lacking:
        names_de = ", ".join(NAMES[part][0] for part in lacking)
        names_en = ", ".join(NAMES[part][1] for part in lacking)
        yield (
            0,
            "warning",
            "order-lacks",
            f"Es fehlen Zwischenüberschriften (###): {names_de}. So bleibt das Richtige hängen.",
            f"These headings (###) are missing: {names_en}. They make the truth stick.",
        )
    present = [(parts[part].line, part) for part in ORDER if part in parts]
    if present != sorted(present):
        yield (
            min(present)[0],
            "warning",
            "order",
            "Die Reihenfolge soll sein: Fakt, Warnung, Warum das falsch ist, Fakt noch einmal.",
            "The order should be: fact, warning, why this is false, fact again.",
        )
    if "next" not in parts:
        yield (
            0,
            "warning",
            "next-missing",
            "Es fehlt „### Nächste Information“: Wann hören die Menschen wieder von Ihnen?",
            'There is no "### Next information": when will people hear from you again?',
        )
