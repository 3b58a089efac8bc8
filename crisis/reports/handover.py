"""What the next shift must know, as a text that the one who goes may change: came in, open, hints.

Pure. The facts are those of a report (``situation``); the reader is a colleague, so staff may be named.
"""

from __future__ import annotations

from collections.abc import Iterable

from crisis.reports import compose
from crisis.reports.phrases import SEVERITIES, STATES, Tongue
from crisis.reports.situation import Situation

LONGEST = 20_000  # characters
_HEADINGS = (
    ("Was hereinkam", "What came in"),
    ("Offen, und was als Nächstes ansteht", "Open, and what is due next"),
    ("Betrieb", "Operation"),
    ("Hinweise für die nächste Schicht", "Hints for the next shift"),
)


def draft(found: Situation, lang: str) -> str:
    """The text, ready to be changed: headings, and points that begin with a dash."""
    say = Tongue(lang, found.zone)
    opened = [c for c in found.cases if found.start <= c.incident.opened <= found.end]
    came = [
        f"{case.rumour.title or case.rumour.text if case.rumour else case.incident.rumour_id}:"
        f" {say.pick(SEVERITIES[case.incident.severity])},"
        f" {say.many(case.spread.posts, ('Beitrag', 'Beiträge'), ('post', 'posts'))},"
        f" {say.pick(STATES[case.incident.state])}"
        for case in opened
    ]
    out = [
        f"{say('Veröffentlicht', 'Published')}: {answer.title}"
        f" ({say.moment(answer.released_at, beside=found.now)})"
        for case in found.cases
        for answer in case.answers
        if answer.released_at is not None and found.start <= answer.released_at <= found.end
    ]
    nothing = [say("Nichts.", "Nothing.")]
    parts: tuple[Iterable[str], ...] = (
        [*came, *out] or nothing,
        compose.open_points(found, say) or nothing,
        [compose.health(found, say)],
        [""],
    )
    return "\n\n".join(
        "\n".join([say.pick(heading), *(f"- {point}".rstrip() for point in points)])
        for heading, points in zip(_HEADINGS, parts, strict=True)
    )


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """The text as headings and points, for a page or a mail; a text without any is one part."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        said = line.strip()
        if not said or said == "-":
            continue
        if said.startswith(("- ", "* ", "• ")):
            if not found:
                found.append(("", []))
            found[-1][1].append(said[2:].strip())
        else:
            found.append((said, []))
    return found
