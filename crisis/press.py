"""Typst, as our documents and pictures need it: words as data, our own letters, nothing from the net.

Knows no document. A letter that no font has is taken out rather than shown as an empty box, which nobody
could read out.
"""

from __future__ import annotations

import base64
import json
import re
import struct
import unicodedata
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from crisis.errors import ReportError

KERN_BLUE = "#1a3f8f"
_FOREIGN = 60  # letters that no font has, replaced one by one at worst
_STRICT = {"pdf_standards": ["ua-1"]}  # PDF/UA-1, ISO 14289-1
_UNKNOWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"`')
_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


def printed(
    template: Path,
    data: Any,
    fonts: Path,
    *,
    colour: str = "",
    logo: tuple[str, bytes] | None = None,
    **form: Any,
) -> bytes:
    """What the template makes of ``data`` (lists, mappings, texts, numbers). Raises ReportError.

    ``fonts`` is a folder with Fira Sans as ``.ttf``; without it Typst's own font is taken. ``colour`` is
    that of the authority ("#1a3f8f"), ``logo`` its sign: the ending ("png", "svg") and the file. ``form``
    goes to Typst as it is: ``format`` ("pdf", "png", "svg"), ``ppi``, ``timestamp``. A PDF is PDF/UA-1.
    """
    plain = _mapped(data, _without_controls)
    files = {"main.typ": template.read_bytes()}
    inputs = {"colour": colour or KERN_BLUE}
    if logo is not None:
        inputs["logo"] = "logo.svg"
        files["logo.svg"] = logo[1] if logo[0] == "svg" else _as_svg(logo[1])
    for _try in range(_FOREIGN):
        inputs["data"] = json.dumps(plain, ensure_ascii=False)
        same = {
            "font_paths": [str(fonts)] if fonts.is_dir() else [],
            "ignore_system_fonts": True,  # the same on every machine
            "sys_inputs": inputs,
        }
        try:
            # Only this standard refuses letters without a shape, so a picture passes through it, too.
            made = _typst().compile(files, **same, **form | {"format": "pdf", **_STRICT})
            if form.get("format", "pdf") != "pdf":
                made = _typst().compile(files, **same, **form)
        except Exception as error:  # Typst has an error class of its own for every version
            table = _unknown(str(error))
            if not table:
                raise _refused() from error
            plain = _mapped(plain, partial(_replaced, table))
        else:
            return bytes(made)
    raise _refused()


def _refused() -> ReportError:
    return ReportError(
        "Das Dokument ließ sich nicht setzen. Alles andere geht weiter; melden Sie es bitte Ihrer"
        " Verwaltung.",
        "The document could not be laid out. Everything else works; please tell your administration.",
    )


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The same lists and mappings with every text changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(inner, change) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mapped(inner, change) for inner in value]
    return value


def _replaced(table: Mapping[int, str], text: str) -> str:
    return text.translate(dict(table))


def _without_controls(text: str) -> str:
    """Without what no font shows and nobody should send: controls, and marks that turn text around."""
    text = " ".join(text.split())
    return "".join(
        letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf", "Co", "Cn")
    )


def _unknown(error: str) -> dict[int, str]:
    """What becomes of the letters that no font has: emoji go, letters of other scripts become "?".

    The standard allows no empty boxes, since nobody could read them out; so Typst names what it cannot show.
    """
    table = {}
    for quoted in _UNKNOWN.findall(error):
        for letter in _ESCAPED.sub(lambda found: chr(int(found[1], 16)), quoted):
            kind = unicodedata.category(letter)[0]
            table[ord(letter)] = "" if kind in "SMZ" else "?"
    table.pop(ord("?"), None)
    return table


def _as_svg(png: bytes) -> bytes:
    """A PNG inside an SVG: Typst takes files of text only. Raises ReportError for what is no PNG."""
    if len(png) < 24 or png[:4] != b"\x89PNG":
        raise _refused()
    width, height = struct.unpack(">II", png[16:24])
    picture = base64.b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}"'
        f' height="{height}"><image width="{width}" height="{height}"'
        f' href="data:image/png;base64,{picture}"/></svg>'
    ).encode("ascii")


@lru_cache(maxsize=1)
def _typst() -> Any:
    import typst  # 80 MB of compiled code, loaded where the first PDF is asked for

    return typst
