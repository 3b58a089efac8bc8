"""One thing that is wrong with a playbook, and where. Does not look for any: see ``check``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "hint"]
_GERMAN = {"error": "Fehler", "warning": "Warnung", "hint": "Hinweis"}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (``de``, ``en``), in which file and line, and how much it matters.

    ``error``: the playbook cannot be used or approved. ``warning``: it can, but readers will be
    served badly. ``hint``: worth a second thought.
    """

    file: str
    line: int  # from 1
    severity: Severity
    code: str  # stable, for machines: "blank-undeclared"
    de: str
    en: str

    def say(self, lang: str) -> str:
        """The text for people: German where ``lang`` begins with "de", otherwise English."""
        return self.de if lang.startswith("de") else self.en

    def level(self, lang: str) -> str:
        """The severity as a word for people."""
        return _GERMAN[self.severity] if lang.startswith("de") else self.severity


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one of them keeps the playbook from being approved."""
    return any(problem.severity == "error" for problem in problems)
