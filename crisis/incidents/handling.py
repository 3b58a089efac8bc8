"""The verification list, and who is named in a note. Pure; keeps nothing."""

from __future__ import annotations

# What to check before an answer goes out. (German, English); the keys are kept with what was done.
STEPS: dict[str, tuple[str, str]] = {
    "asked": (
        "Bei der Stelle nachgefragt, die es wissen muss",
        "Asked those who must know",
    ),
    "second": (
        "Eine zweite, unabhängige Quelle gefunden",
        "Found a second, independent source",
    ),
    "origin": (
        "Woher das Gerücht kommt: ältester Beitrag, altes Bild, andere Stadt",
        "Where the rumour comes from: oldest post, old picture, another town",
    ),
    "fresh": (
        "Fakten von heute: Uhrzeit und Stand notiert",
        "Facts of today: time and state written down",
    ),
    "unknown": (
        "Was wir noch nicht wissen, und wann wir mehr sagen",
        "What we do not know yet, and when we will say more",
    ),
}


def mentioned(text: str, names: dict[int, str]) -> list[int]:
    """Who is named with an @ in the text: the longest name wins, case does not matter.

    ``names`` are people by number; the answer is in their order, each once.
    """
    rest = text.casefold()
    found = []
    for number, name in sorted(names.items(), key=lambda item: -len(item[1])):
        mark = f"@{name.casefold()}"
        at = rest.find(mark)
        while at >= 0:
            end = at + len(mark)
            if not rest[end : end + 1].isalnum():
                found.append(number)
                rest = rest[:at] + " " * len(mark) + rest[end:]
                break
            at = rest.find(mark, end)
    return [number for number in names if number in found]
