"""What may be wrong inside one answer: its length, its links, its order, its Markdown.

Says nothing about the header, nor about the style: see ``wording``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from markdown_it import MarkdownIt
from markdown_it.token import Token

from crisis.playbooks.blanks import blanks, fill, placeholders
from crisis.playbooks.claims import repetitions
from crisis.playbooks.limits import check as check_length
from crisis.playbooks.limits import sms
from crisis.playbooks.parts import NAMES, ORDER, correction
from crisis.playbooks.problem import Problem, Severity
from crisis.playbooks.render import is_safe_link, to_text
from crisis.playbooks.sections import Kind, Section
from crisis.playbooks.wording import advice
from crisis.types import BlankKind

MOST_CLAIMS = 2
_WHEN = re.compile(r"naechste|next|info|meldung|update")
_CLOCK = re.compile(
    r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2}\s?(?:Uhr|am|pm)\b|stündlich|every \d+|alle \d+", re.IGNORECASE
)
_CODE_BLANK = re.compile(r"`[^`\n]*\{\{[^`\n]*`")


def check_answer(
    file: str, section: Section, examples: Mapping[str, str], lang: str = "de"
) -> list[Problem]:
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
        found += _claim_problems(filled)
    found += _promise_problems(section)
    found += _wording(section, filled, lang)
    return [
        Problem(file, section.text_line + line, severity, code, de, en)
        for line, severity, code, de, en in found
    ]


_Found = tuple[int, Severity, str, str, str]  # line from 0 within the section's text, and the rest


def _claim_problems(filled: str) -> Iterator[_Found]:
    claim, fact = repetitions(filled, correction(filled))
    if claim > MOST_CLAIMS and claim > fact:
        yield (
            0,
            "warning",
            "claim-repeated",
            (
                f"Die falsche Behauptung steht {claim}-mal da, was stimmt {fact}-mal. Was oft gesagt wird, "
                "bleibt hängen: Nennen Sie sie nur in der Warnung."
            ),
            (
                f"The false claim is there {claim} times, the truth {fact} times. What is said often "
                "sticks: name the claim in the warning only."
            ),
        )


def _promise_problems(section: Section) -> Iterator[_Found]:
    """Where people are told that they will hear more, they are told when."""
    text, line = section.text, 0
    if section.kind is not Kind.HOLDING:
        part = correction(text).get("next") if section.channel == "website" else None
        if part is None:
            return
        text, line = part.text, part.line
    timely = any(
        placeholder.kind in (BlankKind.DATE, BlankKind.TIME, BlankKind.DATETIME)
        or _WHEN.search(placeholder.name)
        for placeholder in placeholders(text).values()
    )
    if not timely and not _CLOCK.search(text):
        yield (
            line,
            "warning",
            "next-time-missing",
            (
                "Hier fehlt, wann die Menschen wieder von Ihnen hören. Zum Beispiel: "
                "{{ naechste_info: zeitpunkt(zukunft) }}"
            ),
            (
                "This lacks when people will hear from you again. For example: "
                "{{ next_info: datetime(future) }}"
            ),
        )


def _wording(section: Section, filled: str, lang: str) -> Iterator[_Found]:
    for severity, code, de, en, about in advice(section.channel, to_text(filled), lang):
        words = about.split()[:3]
        place = filled.find(" ".join(words)) if words else -1
        line = filled.count("\n", 0, place) if place >= 0 else 0
        yield min(line, section.text.count("\n")), severity, code, de, en


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
        if token.type == "image" and not token.content.strip():
            yield (
                line,
                "error",
                "picture-alt",
                "Diesem Bild fehlt die Beschreibung: ![Was zu sehen ist](bilder/karte.png)",
                "This picture lacks its description: ![what it shows](bilder/map.png)",
            )
        elif token.type == "image":
            yield (
                line,
                "warning",
                "image",
                "Im Text bleibt von Bildern nur die Beschreibung. Nennen Sie das Bild im Kopf bei „bilder“.",
                'Inside a text only its description remains. Name the picture in the header, in "pictures".',
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
