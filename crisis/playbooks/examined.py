"""A playbook while it is looked at: what was read of it, and what was found so far. Finds nothing."""

from __future__ import annotations

from crisis.playbooks.kinds import example_of
from crisis.playbooks.parse import Reading
from crisis.playbooks.problem import Problem, Severity
from crisis.playbooks.sections import Kind, Section


class Examined:
    """One playbook under examination."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.head = reading.header
        self.file = reading.header.file
        self.problems: list[Problem] = []

    def note(self, line: int, severity: Severity, code: str, de: str, en: str) -> None:
        self.problems.append(Problem(self.file, line, severity, code, de, en))

    def examples(self) -> dict[str, str]:
        """A value for every declared blank: its example, or its name."""
        return {p.name: example_of(p) for p in self.reading.placeholders}

    def answers(self) -> list[Section]:
        return [s for s in self.reading.sections if s.kind is Kind.ANSWER and s.channel]
