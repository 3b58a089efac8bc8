"""What every long list of the desk has in common: search, filters, sorting, pages, kept views, CSV.

A page describes its list once (``Listing``), asks the store with ``asked.wish`` and shows the piece with the
macros of ``templates/lists.html``. Everything stands in the address, so that a list can be sent to somebody.
Knows no noun.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, request, stream_with_context, url_for
from flask_babel import format_decimal

from crisis import lists
from crisis.desk import here
from crisis.desk.words import _, ngettext
from crisis.lists import Piece, Wish
from crisis.types import View

if TYPE_CHECKING:
    from crisis.store import Store

LONGEST = 200  # characters of anything that is searched or filtered for
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``sort``: the name of its sort, "" where it cannot be sorted by."""

    text: str
    sort: str = ""
    down: bool = False  # the first click brings the largest first
    numeric: bool = False
    hidden: bool = False  # the heading is for screen readers only


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter that offers some values. ``options`` are (value, words), without "all"."""

    name: str
    text: str
    options: Sequence[tuple[object, str]]
    every: str = ""  # what stands there while nothing is chosen; "" is "alle"

    def value(self, text: str) -> str:
        """What the store is asked for; "" where the choice does not exist."""
        return text if text in {str(value) for value, _words in self.options} else ""


@dataclass(frozen=True, slots=True)
class Text:
    """A filter that is typed."""

    name: str
    text: str
    hint: str = ""

    def value(self, text: str) -> str:
        return text


@dataclass(frozen=True, slots=True)
class Day:
    """A filter by day, in the authority's time zone. ``last``: up to the end of that day."""

    name: str
    text: str
    last: bool = False

    def value(self, text: str) -> str:
        """The moment as the store keeps it."""
        try:
            day = date.fromisoformat(text) + timedelta(days=self.last)
            moment = datetime.combine(day, time(), here.zone())
            return moment.astimezone(here.now().tzinfo).isoformat(timespec="microseconds")
        except (ValueError, OverflowError):
            return ""


Rows = Callable[["Store"], Iterable[Any]]
Filter = Choice | Text | Day


def days() -> tuple[Day, Day]:
    """From … to …"""
    return Day("von", _("Von")), Day("bis", _("Bis"), last=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list as its page describes it."""

    endpoint: str
    columns: Sequence[Column]
    sort: str  # the order nobody asked for
    down: bool = False
    search: str = ""  # label of the search field; "" for a list that cannot be searched
    filters: Sequence[Filter] = ()
    limit: int = lists.PAGE

    def asked(self) -> Asked:
        """What this request wants to see of it. What makes no sense is left out."""
        sorts = {column.sort for column in self.columns if column.sort} | {self.sort}
        wanted = request.args.get("sort", "")
        down, name = wanted.startswith("-"), wanted.removeprefix("-")
        if name not in sorts:
            down, name = self.down, self.sort
        entered = {one.name: _clean(request.args.get(one.name, "")) for one in self.filters}
        chosen = {one.name: one.value(entered[one.name]) for one in self.filters}
        words = _clean(request.args.get("suche", "")) if self.search else ""
        return Asked(
            listing=self,
            wish=Wish(
                sort=name,
                down=down,
                words=words,
                filters={name: value for name, value in chosen.items() if value},
                cursor=lists.cursor(request.args.get("ab", "")),
                limit=self.limit,
            ),
            entered={name: entered[name] for name, value in chosen.items() if value},
        )


def _clean(text: str) -> str:
    return "".join(letter for letter in text[:LONGEST] if letter.isprintable()).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list and what somebody wants to see of it; makes the addresses around it."""

    listing: Listing
    wish: Wish
    entered: Mapping[str, str]  # filters that count, as they were typed

    @property
    def narrowed(self) -> bool:
        """Whether not the whole list is shown."""
        return bool(self.wish.words or self.entered)

    def address(self, *, sort: str | None = None, **more: str) -> str:
        """This view of the list, sorted as said, from its beginning."""
        query = {"suche": self.wish.words, **self.entered}
        query["sort"] = self._sort() if sort is None else sort
        kept = {name: value for name, value in (query | more).items() if value}
        return url_for(self.listing.endpoint, **kept)  # type: ignore[arg-type]

    def _sort(self) -> str:
        usual = (self.wish.sort, self.wish.down) == (self.listing.sort, self.listing.down)
        return "" if usual else f"{'-' if self.wish.down else ''}{self.wish.sort}"

    @property
    def sorting(self) -> str:
        """The order as part of an address; "" for the usual one."""
        return self._sort()

    @property
    def query(self) -> str:
        """What a kept view remembers."""
        pairs = {"suche": self.wish.words, **self.entered, "sort": self._sort()}
        return urlencode({name: value for name, value in pairs.items() if value})

    def by(self, column: Column) -> str:
        """Where a click on the column's heading leads: its order, or turned round."""
        if self.wish.sort == column.sort:
            return self.address(sort=f"{'' if self.wish.down else '-'}{column.sort}")
        return self.address(sort=f"{'-' if column.down else ''}{column.sort}")

    def order(self, column: Column) -> str:
        """How the list is sorted by this column, as ``aria-sort`` says it; "" if it is not."""
        if not column.sort or self.wish.sort != column.sort:
            return ""
        return "descending" if self.wish.down else "ascending"

    def before(self, piece: Piece[Any]) -> str:
        """The page before, or ""."""
        return self.address(ab=piece.before.text()) if piece.before else ""

    def after(self, piece: Piece[Any]) -> str:
        """The page after, or ""."""
        return self.address(ab=piece.after.text()) if piece.after else ""

    def count(self, piece: Piece[Any]) -> str:
        """How many there are, in words."""
        if piece.more:
            return _("mehr als %(num)s Einträge", num=format_decimal(piece.total))
        return ngettext("%(num)s Eintrag", "%(num)s Einträge", piece.total)

    @property
    def views(self) -> list[View]:
        """What the person who looks has kept of this list."""
        return here.store().lists.views(here.person().id, self.listing.endpoint)

    def opens(self, view: View) -> str:
        """A kept view's address."""
        return f"{url_for(self.listing.endpoint)}?{view.query}"

    @property
    def csv_address(self) -> str:
        """The same rows as a file."""
        return self.address(als="csv")

    @property
    def wants_csv(self) -> bool:
        """Whether this request asks for the file."""
        return request.args.get("als") == "csv"


def csv_file(
    name: str, header: Sequence[str], rows: Rows, cells: Callable[[Any], Sequence[object]]
) -> Response:
    """The rows as a file that spreadsheets open, sent as they are read. ``name``: without an ending.

    ``rows`` reads them from the store it is given: by then this request's own is closed.
    """
    body = stream_with_context(_lines(header, rows, cells))
    answer = Response(body, mimetype="text/csv")
    day = here.today().isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.csv"'
    return answer


def _lines(
    header: Sequence[str], rows: Rows, cells: Callable[[Any], Sequence[object]]
) -> Iterator[str]:
    from crisis import wiring  # loads the database driver

    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")  # Excel takes it for Latin-1 otherwise
    table.writerow(header)
    with wiring.open_store(here.settings()) as store:
        for number, row in enumerate(rows(store)):
            table.writerow([_cell(value) for value in cells(row)])
            if number % 500 == 0:
                yield _emptied(out)
    yield _emptied(out)


def _emptied(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(here.zone()):%Y-%m-%d %H:%M:%S}"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
