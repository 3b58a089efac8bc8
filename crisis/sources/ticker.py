"""Server-sent events, taken apart line by line (HTML standard, 9.2). Pure; holds one event at a time.

Knows neither the network nor what the events mean.
"""

from __future__ import annotations

from collections.abc import Iterator

LONGEST = 1_000_000  # bytes of one event; a longer one is passed over


class Ticker:
    """Feeds on bytes as they come, gives back whole events: name and data."""

    def __init__(self) -> None:
        self._rest = b""
        self._name = ""
        self._data: list[str] = []
        self._size = 0

    def events(self, piece: bytes) -> Iterator[tuple[str, str]]:
        """The events that are whole now. A line without an end is kept until its end comes."""
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if len(self._rest) > LONGEST:
            self._rest, self._size = b"", LONGEST + 1
        for raw in lines:
            line = raw.removesuffix(b"\r").decode("utf-8", "replace")
            if line:
                self._take(line)
                continue
            if self._data and self._size <= LONGEST:
                yield self._name or "message", "\n".join(self._data)
            self._name, self._data, self._size = "", [], 0

    def _take(self, line: str) -> None:
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        self._size += len(line)
        if field == "event":
            self._name = value[:100]
        elif field == "data" and self._size <= LONGEST:
            self._data.append(value)
