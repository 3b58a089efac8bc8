"""One entry from what a file says of it: values of JSON or of a table's cells become a ``Rumour``.

Does not know where the values stood (``exchange``) nor whether the entry can be taken (``entry``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from crisis.rumours import entry
from crisis.rumours.entry import Sentence
from crisis.types import Fact, Rumour, RumourStatus

_STATUS = {
    "in prüfung": RumourStatus.SUSPECTED,
    "falsch": RumourStatus.FALSE,
    "irreführend": RumourStatus.MISLEADING,
    "aus dem zusammenhang gerissen": RumourStatus.OUT_OF_CONTEXT,
    "satire": RumourStatus.SATIRE,
    "trifft doch zu": RumourStatus.TRUE,
    **{status.value: status for status in RumourStatus},
}
_TRUE = frozenset({"1", "true", "yes", "ja", "wahr", "x"})
_FALSE = frozenset({"", "0", "false", "no", "nein", "falsch"})
_GERMAN_DATE = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")


class CellError(Exception):
    """One value cannot be read; carries the sentences."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.de, self.en = de, en


def to_rumour(row: Mapping[str, Any], taken: Mapping[str, int]) -> tuple[Rumour, list[Sentence]]:
    """The entry in ``row`` (our field names -> values), and every value that cannot be read.

    Without an id it gets one that is not among ``taken``.
    """
    wrong: list[Sentence] = []

    def get(name: str, read: Callable[[str, Any], Any], default: Any) -> Any:
        if row.get(name) is None:
            return default
        try:
            return read(name, row[name])
        except CellError as error:
            wrong.append((error.de, error.en))
            return default

    title, text = get("title", _text, ""), get("text", _text, "")
    rumour = Rumour(
        id=get("id", _id, "") or entry.id_for(title or text, taken),
        title=title,
        text=text,
        variants=get("variants", _texts, ()),
        lang=get("lang", _text, "").lower(),
        topics=get("topics", _texts, ()),
        status=get("status", _status, RumourStatus.SUSPECTED),
        facts=get("facts", facts_of, ()),
        valid_until=get("valid_until", _day, None),
        retired=get("retired", _flag, False),
    )
    return rumour, wrong


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise CellError(f"„{name}“ ist kein Text.", f"“{name}” is not a text.")
    return value.strip()


def _id(name: str, value: Any) -> str:
    return str(value) if isinstance(value, int) and value is not True else _text(name, value)


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise CellError(f"„{name}“ ist keine Liste von Texten.", f"“{name}” is no list of texts.")
    return tuple(v.strip() for v in value if v.strip())


def _status(name: str, value: Any) -> RumourStatus:
    said = _text(name, value).casefold()
    if said and said not in _STATUS:
        raise CellError(
            f"Den Stand „{said[:40]}“ gibt es nicht. Möglich sind: {', '.join(RumourStatus)}.",
            f"There is no status “{said[:40]}”. Possible are: {', '.join(RumourStatus)}.",
        )
    return _STATUS.get(said, RumourStatus.SUSPECTED)


def _flag(name: str, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    said = _text(name, value).casefold() if isinstance(value, str) else str(value)
    if said not in _TRUE | _FALSE:
        raise CellError(f"Bei „{name}“ bitte ja oder nein.", f"Please write yes or no as “{name}”.")
    return said in _TRUE


def _day(name: str, value: Any) -> date | None:
    said = _text(name, value)
    try:
        return day(said)
    except ValueError:
        raise CellError(
            f"„{said[:40]}“ ist kein Datum; bitte so: 2027-12-31.",
            f"“{said[:40]}” is no date; please write it like 2027-12-31.",
        ) from None


def day(text: str) -> date | None:
    """The date in ``text``, "2027-12-31" or "31.12.2027"; None if it is empty. Raises ValueError."""
    text = text.strip()
    german = _GERMAN_DATE.fullmatch(text)
    if german:
        return date(int(german[3]), int(german[2]), int(german[1]))
    return date.fromisoformat(text) if text else None


def facts_of(name: str, value: Any) -> tuple[Fact, ...]:
    """Facts as JSON has them: objects or plain texts. Raises CellError."""
    if not isinstance(value, list) or not all(isinstance(v, dict | str) for v in value):
        raise CellError(f"„{name}“ ist keine Liste von Fakten.", f"“{name}” is no list of facts.")
    return tuple(_fact(v if isinstance(v, dict) else {"text": v}) for v in value)


def _fact(value: Mapping[str, Any]) -> Fact:
    unknown = set(value) - {"text", "source", "url", "date"}
    if unknown:
        raise CellError(
            "Ein Fakt besteht aus Text | Quelle | Adresse | Datum.",
            "A fact consists of text | source | address | date.",
        )
    parts = {name: found for name, found in value.items() if found is not None}
    return Fact(
        text=_text("facts", parts.get("text", "")),
        source=_text("facts", parts.get("source", "")),
        url=_text("facts", parts.get("url", "")),
        date=_day("facts", parts.get("date", "")),
    )
