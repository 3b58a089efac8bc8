"""A document as Markdown, for mails, wikis and logs. Composes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from crisis.reports.document import Bars, Block, Bullets, Document, Grid, Pairs, Section, Text

# What Markdown would take for markup: titles and rumours are text of others.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


def write(document: Document) -> str:
    """The whole text, ending in a line break."""
    lines = [f"# {_text(document.title)}", "", f"{_text(document.authority)} · "]
    lines[-1] += f"{_text(document.subtitle)} · {_text(document.made)}"
    lines.append("")
    if document.banner:
        lines += [f"**{_text(document.banner)}**", ""]
    for sentence in document.lead:
        lines += [f"- {_text(sentence)}"]
    lines.append("")
    for section in document.sections:
        lines += _section(section, 2)
    if document.small_print:
        lines += ["---", "", _text(document.small_print)]
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_text(section.title)}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
        yield ""
    for part in section.parts:
        yield from _section(part, level + 1)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        yield _text(block.text)
    elif isinstance(block, Bullets):
        yield from (f"- {_text(item)}" for item in block.items)
    elif isinstance(block, Pairs):
        yield from (f"- **{_text(name)}:** {_text(value)}" for name, value in block.rows)
    elif isinstance(block, Grid):
        yield from _table(block.head, block.rows)
    elif isinstance(block, Bars):
        yield f"**{_text(block.title)}.** {_text(block.summary)}"
        yield ""
        yield from _table(
            [point for point, _count in block.points],
            [[str(count) for _point, count in block.points]],
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(_text(cell) for cell in head) + " |"
    yield "|" + " --- |" * len(head)
    for row in rows:
        yield "| " + " | ".join(_text(cell) for cell in row) + " |"


def _text(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
