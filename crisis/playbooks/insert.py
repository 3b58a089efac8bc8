"""Put a picture into the header of a playbook's text, however its pictures were written there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crisis.errors import InvalidInputError
from crisis.playbooks.header import Image, Text, read_header
from crisis.playbooks.write import quoted

LONGEST_ALT = 1_000  # characters; the check asks for far less
_GOES_ON = re.compile(r"(?:[ \t-]|$)")  # lines that belong to the field above


def with_picture(text: str, file: str, alt: str, source: str = "") -> str:
    """``text`` with this picture as the last one of its header; one of the same file is replaced.

    Raises InvalidInputError: no words for the picture, or no header to put it into.
    """
    alt, source = (" ".join(words.split()) for words in (alt, source))
    if not alt or len(alt) > LONGEST_ALT:
        raise InvalidInputError(
            "Bitte beschreiben Sie in einem Satz, was auf dem Bild zu sehen ist. Wer es nicht sieht, liest"
            " diesen Satz.",
            "Please say in a sentence what the picture shows. Those who do not see it read that sentence.",
        )
    lines = text.split("\n")
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), None)
    if end is None or lines[0].removeprefix("\ufeff").rstrip() != "---":
        raise _by_hand(file)
    header = read_header("x.md", lines[1:end])
    german = header.value("lang").casefold() in ("", "de")
    kept = [one for one in header.pictures if one.file.value != file]
    images = [*kept, Image(Text(file, 0), alt, source)]
    start = header.line("pictures") - 1 if "pictures" in header.lines else end
    stop = start
    if start < end:
        stop = next(
            (n for n in range(start + 1, end) if not _GOES_ON.match(lines[n])),
            end,
        )
    made = "\n".join([*lines[:start], *_field(images, german=german), *lines[stop:]])
    again = made.split("\n")
    last = next(n for n, line in enumerate(again) if n and line.rstrip() == "---")
    found = read_header("x.md", again[1:last]).pictures
    if [(one.file.value, one.alt) for one in found] != [
        (one.file.value, one.alt) for one in images
    ]:
        raise _by_hand(file)
    return made


def _field(images: list[Image], *, german: bool) -> Iterator[str]:
    words = ("bilder", "datei", "alternativtext", "quelle") if german else _ENGLISH
    pictures, name, alt, source = words
    yield f"{pictures}:"
    for one in images:
        yield f"  - {name}: {quoted(one.file.value)}"
        for word, said in ((alt, one.alt), (source, one.source)):
            if said:
                yield f"    {word}: {quoted(said)}"


_ENGLISH = ("pictures", "file", "alt", "source")


def _by_hand(file: str) -> InvalidInputError:
    return InvalidInputError(
        f"Das Bild liegt jetzt als {file} bereit. In den Kopf ließ es sich nicht eintragen, weil dieser"
        " nicht lesbar ist: Bitte beheben Sie erst, was die Prüfung sagt.",
        f"The picture is there as {file} now. It could not be put into the header, since that cannot be"
        " read: please mend first what the check says.",
    )
