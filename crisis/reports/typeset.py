"""A document as a PDF that everybody can read: tagged, with bookmarks, PDF/UA-1.

Typst lays it out and refuses to write a file that breaks the standard. What people wrote goes in as data,
never as markup. Reads the template beside this file and the fonts it is given; nothing else.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from crisis.errors import ReportError
from crisis.reports.document import Document

_TEMPLATE = Path(__file__).with_name("report.typ")


def pdf(document: Document, now: datetime, fonts: Path) -> bytes:
    """The file. Raises ReportError where it cannot be made.

    ``fonts`` is a folder with Fira Sans as ``.ttf``; without it Typst's own font is taken.
    """
    try:
        compiled = _typst().compile(
            str(_TEMPLATE),
            root=str(_TEMPLATE.parent),
            font_paths=[str(fonts)] if fonts.is_dir() else [],
            ignore_system_fonts=True,  # the same on every machine
            sys_inputs={"data": json.dumps(document.plain(), ensure_ascii=False)},
            pdf_standards=["ua-1"],
            timestamp=int(now.timestamp()),
        )
    except Exception as error:  # Typst has an error class of its own for every version
        raise ReportError(
            "Das PDF ließ sich nicht herstellen. Seite und Markdown gehen; melden Sie es bitte Ihrer"
            " Verwaltung.",
            "The PDF could not be made. Page and Markdown work; please tell your administration.",
        ) from error
    return bytes(compiled)


@lru_cache(maxsize=1)
def _typst() -> Any:
    import typst  # 80 MB of compiled code, loaded where the first PDF is asked for

    return typst
