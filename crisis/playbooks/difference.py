"""What changed between two texts: line by line, and inside a changed line word by word.

Pure. Does not say which texts to compare, nor how a difference looks.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

AROUND = 2  # unchanged lines shown beside a change
ALIKE = 0.4  # lines less alike than this are two lines, not one that was changed
_PARTS = re.compile(r"\{\{[^{}]*\}\}|\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference. ``sign``: "+" new, "-" old, " " the same, "…" lines left out.

    ``pieces``: the line in parts, each with whether it is what changed.
    """

    sign: str
    pieces: tuple[tuple[str, bool], ...] = ()

    @property
    def text(self) -> str:
        """The line as it stands in its text."""
        return "".join(piece for piece, _changed in self.pieces)


def difference(old: str, new: str) -> list[Line]:
    """Both texts in one; empty where they are the same."""
    before, after = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    found: list[Line] = []
    end = 0  # of what is shown of the old text
    for group in matcher.get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            found.append(Line("…"))
        end = group[-1][2]
        for what, i1, i2, j1, j2 in group:
            if what == "equal":
                found += [_whole(" ", line) for line in before[i1:i2]]
            else:
                found += _changed(before[i1:i2], after[j1:j2])
    if found and end < len(before):
        found.append(Line("…"))
    return found


def words(old: str, new: str) -> list[tuple[str, str]]:
    """Two texts in one, as ("-", taken out), ("+", put in) and (" ", kept), in their order."""
    before, after = _PARTS.findall(old), _PARTS.findall(new)
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    codes = matcher.get_opcodes()
    found: list[tuple[str, str]] = []
    out = put = ""  # taken out and put in since the last words that stayed
    for number, (what, i1, i2, j1, j2) in enumerate(codes):
        kept = "".join(before[i1:i2])
        inside = (out or put) and number + 1 < len(codes)
        if what == "equal" and not (inside and not kept.strip()):
            found += [(sign, text) for sign, text in (("-", out), ("+", put)) if text]
            found.append((" ", kept))
            out = put = ""
            continue
        # A space between two changed words goes with them: "old words" stay together.
        out, put = out + kept, put + "".join(after[j1:j2])
    return found + [(sign, text) for sign, text in (("-", out), ("+", put)) if text]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines that stand for one another are shown together, with their words compared."""
    rest = list(new)
    for line in old:
        match = next((i for i, other in enumerate(rest) if _alike(line, other)), None)
        if match is None:
            yield _whole("-", line)
            continue
        for other in rest[:match]:
            yield _whole("+", other)
        found = words(line, rest[match])
        yield Line("-", tuple((text, sign == "-") for sign, text in found if sign != "+"))
        yield Line("+", tuple((text, sign == "+") for sign, text in found if sign != "-"))
        rest = rest[match + 1 :]
    for other in rest:
        yield _whole("+", other)


def _alike(old: str, new: str) -> bool:
    matcher = difflib.SequenceMatcher(a=_PARTS.findall(old), b=_PARTS.findall(new), autojunk=False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _whole(sign: str, line: str) -> Line:
    return Line(sign, ((line, False),))
