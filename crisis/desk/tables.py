"""Tables that people read on a page and take away as CSV: the same rows, the same words.

CSV as German spreadsheets open it by a double click: UTF-8 with a mark, semicolons. Computes nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, make_response
from flask_babel import format_decimal

Cell = str | float | None
# What a spreadsheet would take for a formula (OWASP, "CSV Injection").
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")


@dataclass(frozen=True, slots=True)
class Table:
    """``name`` is part of the file's name; numbers stand to the right. None: nothing to say."""

    name: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    texts: Sequence[Sequence[str]] = ()  # rows as the page says them, where other than the numbers

    def shown(self) -> list[list[tuple[str, bool]]]:
        """Every cell as the page shows it, and whether it is a number."""
        return [
            [
                (self.texts[place][column] if self.texts else said(cell), not isinstance(cell, str))
                for column, cell in enumerate(row)
            ]
            for place, row in enumerate(self.rows)
        ]

    def csv(self) -> str:
        """The table as a file, with numbers as the page's language writes them."""
        out = io.StringIO(newline="")
        sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
        for row in (self.head, *self.rows):
            sheet.writerow([_neutral(cell) for cell in row])
        return "\ufeff" + out.getvalue()


def said(cell: Cell) -> str:
    """One cell in words."""
    if cell is None:
        return "–"
    return cell if isinstance(cell, str) else str(format_decimal(cell, "#,##0.#"))


def download(table: Table, name: str) -> Response:
    """The table as a file to be kept."""
    response = make_response(table.csv().encode("utf-8"))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _neutral(cell: Cell) -> str:
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return str(format_decimal(cell, "0.##"))
    return "'" + cell if _FORMULA.match(cell) else cell
