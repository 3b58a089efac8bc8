"""The town's own sign: a small picture in the instance folder that can do no harm. Reads, never writes."""

from __future__ import annotations

import re
from pathlib import Path

from crisis.settings.checks import Words

LARGEST = 500_000  # bytes; a coat of arms as SVG has some thousand
# What an SVG could do but a sign need not: code, foreign pages, other files, entities.
_HARM = re.compile(
    rb"<\s*(script|foreignObject|iframe|object|embed|!ENTITY|!DOCTYPE[^>]*\[)|\son\w+\s*=|javascript:"
    rb"|(href|src)\s*=\s*[\"'](?!#|data:image/)|url\(\s*[\"']?(?!#|[\"']?data:image/)|@import",
    re.IGNORECASE,
)
PNG = b"\x89PNG\r\n\x1a\n"


def kind(content: bytes) -> str:
    """The media type of a picture, by its content; "" for anything but PNG and SVG."""
    if content.startswith(PNG):
        return "image/png"
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith((b"<svg", b"<?xml", b"<!--")) and b"<svg" in content[:5000]:
        return "image/svg+xml"
    return ""


def problem(path: Path) -> Words | None:
    """What is wrong with the file, or nothing."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return Words(
            f"das Logo lässt sich nicht lesen: {error}.", f"the logo cannot be read: {error}."
        )
    if len(content) > LARGEST:
        return Words(
            f"das Logo hat {len(content):,} Bytes; höchstens {LARGEST:,} gehen.",
            f"the logo has {len(content):,} bytes; at most {LARGEST:,} are possible.",
        )
    found = kind(content)
    if not found:
        return Words(
            "das Logo ist weder PNG noch SVG.",
            "the logo is neither a PNG nor an SVG.",
        )
    harm = _HARM.search(content) if found == "image/svg+xml" else None
    if harm:
        text = harm.group().decode("ascii", "replace").strip()
        return Words(
            f"im Logo steht etwas, das mehr kann als ein Bild („{text}“). Bitte ohne Skripte und"
            " fremde Dateien speichern, zum Beispiel als „Einfaches SVG“.",
            f"the logo holds something that can do more than a picture (“{text}”). Please save it"
            " without scripts and other files, for example as “Plain SVG”.",
        )
    return None


def sign(instance: Path, name: str) -> tuple[str, bytes] | None:
    """The picture as a typesetter takes it: its ending and the file; None without one that is good."""
    path = instance / name
    if not name or not path.is_file() or problem(path) is not None:
        return None
    content = path.read_bytes()
    return ("png" if kind(content) == "image/png" else "svg"), content
