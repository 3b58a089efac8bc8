"""The file of a playbook cut into its sections and put together again, so that two can change it at once.

Compares nothing and knows nothing of what a section means: see ``parse`` for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

HEAD = ""  # what stands before the first heading: the header with the particulars


def cut(text: str) -> dict[str, str]:
    """The sections by their headings ("## Lage"), in the file's order; one that comes again is numbered."""
    found: dict[str, list[str]] = {HEAD: []}
    name = HEAD
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("## "):
            name = _free(line.strip(), found)
            found[name] = []
        found[name].append(line)
    return {name: "\n".join(lines).strip("\n") for name, lines in found.items()}


def _free(name: str, taken: Iterable[str]) -> str:
    wanted, number = name, 1
    while wanted in taken:
        number += 1
        wanted = f"{name} ({number})"
    return wanted


def order(yours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Their order; what only you have follows what it follows with you."""
    names = list(theirs)
    before = None
    for name in yours:
        if name not in names:
            names.insert(names.index(before) + 1 if before is not None else 0, name)
        before = name
    return names


def joined(sections: Mapping[str, str], names: Iterable[str]) -> str:
    """The file again. A section without a word is left out, with its heading."""
    kept = (sections.get(name, "").strip("\n") for name in names)
    return "\n\n".join(text for text in kept if text.strip()) + "\n"
