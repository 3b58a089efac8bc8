"""What somebody wrote themselves in a reply, without what their mail program put around it. Pure.

Knows the marks that mail programs in German and English leave; where it is in doubt it keeps a line rather
than lose one.
"""

from __future__ import annotations

import re
import unicodedata

# From here on everything is the mail that was answered.
_BELOW = (
    re.compile(r"^-{2,}\s*(Ursprüngliche Nachricht|Original Message|Weitergeleitete Nachricht"
               r"|Forwarded message|Originalnachricht|Ursprüngliche Mail)\s*-{2,}\s*$", re.IGNORECASE),
    re.compile(r"^_{10,}\s*$"),
)  # fmt: skip
_HEAD = re.compile(r"^\*?(Von|From)\s*:\*?\s.+", re.IGNORECASE)
_SECOND = re.compile(r"^\*?(Gesendet|Sent|Datum|Date|An|To|Betreff|Subject)\s*:", re.IGNORECASE)
# "Am 23.11.2026 um 04:28 schrieb Musterstadt:", "On Mon, 23 Nov 2026, Musterstadt wrote:"; may be wrapped.
_SAID = re.compile(
    r"^(Am|On|Le)\b.{4,400}\b(schrieb|wrote|hat geschrieben)\b.{0,200}:\s*$", re.DOTALL
)
_SAID_BEGINS = re.compile(r"^(Am|On)\s.*\d")
_PHONE = re.compile(
    r"^(Von meinem|Gesendet von|Sent from my|Sent from|Get Outlook for|Diese Nachricht wurde von meinem)\b",
    re.IGNORECASE,
)


def own_words(text: str) -> str:
    """The reply's own lines, in order: no quotes, no "… schrieb:", no signature; may be empty."""
    lines = _clean(text).split("\n")
    kept: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if _ends_here(lines, index):
            break
        if line.lstrip().startswith((">", "&gt;")):
            index += 1
            continue
        spoken = _attribution(lines, index)
        if spoken:
            index += spoken
            continue
        if not _PHONE.match(line.strip()):
            kept.append(line.rstrip())
        index += 1
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _clean(text: str) -> str:
    """Without carriage returns and what cannot be seen, which could hide or turn words around."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return "".join(
        c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co")
    )


def _ends_here(lines: list[str], index: int) -> bool:
    line = lines[index]
    if line.rstrip("\n") in ("-- ", "--"):
        return True
    if any(mark.match(line.strip()) for mark in _BELOW):
        return True
    following = "\n".join(lines[index + 1 : index + 4])
    return bool(_HEAD.match(line.strip())) and any(
        _SECOND.match(part.strip()) for part in following.split("\n")
    )


def _attribution(lines: list[str], index: int) -> int:
    """How many lines from here say who wrote what follows; 0: none."""
    if not _SAID_BEGINS.match(lines[index].strip()):
        return 0
    for count in (1, 2, 3):
        joined = " ".join(part.strip() for part in lines[index : index + count])
        if _SAID.match(joined):
            return count
    return 0
