"""Which files may lie on an incident: what they are by their content, and a name that harms nobody. Pure."""

from __future__ import annotations

import re
import unicodedata
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from crisis.errors import InvalidInputError

LARGEST = 4_500_000  # bytes; a form with it must stay below what the desk takes at all
_MAGIC = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)
_DOCUMENTS = {
    "word/document.xml": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ".docx",
    ),
    "xl/workbook.xml": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xlsx",
    ),
}
_TEXT = "text/plain"
ENDINGS = {
    **{kind: ending for _, kind, ending in _MAGIC},
    **dict(_DOCUMENTS.values()),
    "image/webp": ".webp",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    _TEXT: ".txt",
}


def kind(name: str, content: bytes) -> str:
    """The media type of a file, by its content. Raises InvalidInputError for what may not be kept.

    Taken are PDF, PNG, JPEG, WebP, plain text, and documents and sheets of office programs without macros.
    """
    if not content:
        raise InvalidInputError("Die Datei ist leer.", "The file is empty.")
    if len(content) > LARGEST:
        raise InvalidInputError(
            f"Die Datei ist zu groß: {len(content) / 1e6:.1f} MB. Höchstens {LARGEST / 1e6:.1f} MB gehen.",
            f"The file is too large: {len(content) / 1e6:.1f} MB. At most {LARGEST / 1e6:.1f} MB fit.",
        )
    found = next((media for magic, media, _ in _MAGIC if content.startswith(magic)), "")
    if not found and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        found = "image/webp"
    if not found and content[:2] == b"PK":
        found = _document(content)
    if not found and _is_text(content):
        found = _TEXT
    if not found:
        raise InvalidInputError(
            f"„{name[:60]}“ lässt sich hier nicht ablegen. Möglich sind PDF, Bilder (PNG, JPEG, WebP), Text"
            " und Dokumente ohne Makros (docx, xlsx, odt, ods).",
            f"“{name[:60]}” cannot be kept here. Possible are PDF, pictures (PNG, JPEG, WebP), text, and"
            " documents without macros (docx, xlsx, odt, ods).",
        )
    return found


def _document(content: bytes) -> str:
    """Of what office program a packed file is; "" for any other, and for one with macros."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            first = (
                archive.read("mimetype")[:80].decode("ascii", "replace")
                if "mimetype" in names
                else ""
            )
    except (BadZipFile, KeyError, RuntimeError, NotImplementedError, OSError):
        return ""
    if any("vbaProject" in name or name.startswith("Basic/") for name in names):
        return ""
    if first in ENDINGS:
        return first
    return next((media for part, (media, _) in _DOCUMENTS.items() if part in names), "")


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    # Pages and drawings are text, too, but a browser would run them.
    if re.search(r"<\s*(html|script|svg|\?xml|!doctype)", text[:5_000], re.IGNORECASE):
        return False
    return not any(
        unicodedata.category(letter) == "Cc" and letter not in "\t\r\n\f" for letter in text
    )


def safe_name(name: str, media_type: str) -> str:
    """A name without folders and control characters, at most 100 letters, with the ending of its kind."""
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(
        letter
        for letter in last
        if unicodedata.category(letter)[0] != "C" and letter not in '<>:"|?*'
    ).strip(" .")
    ending = ENDINGS[media_type]
    stem = (
        shown[: -len(ending)]
        if shown.lower().endswith(ending)
        else shown.rpartition(".")[0] or shown
    )
    return f"{stem[:100].strip(' .') or 'Datei'}{ending}"
