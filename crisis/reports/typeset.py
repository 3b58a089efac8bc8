"""A document as a PDF that everybody can read: tagged, with bookmarks, PDF/UA-1.

Typst refuses to write a file that breaks the standard. Reads the template beside this file and the fonts
it is given; nothing else.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from crisis import press
from crisis.reports.document import Document

_TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(
    document: Document,
    now: datetime,
    fonts: Path,
    *,
    colour: str = "",
    logo: tuple[str, bytes] | None = None,
) -> bytes:
    """The file. Raises ReportError where it cannot be made. The rest is as ``press.printed`` has it."""
    return press.printed(
        _TEMPLATE,
        document.plain(),
        fonts,
        colour=colour,
        logo=logo,
        timestamp=int(now.timestamp()),
    )
