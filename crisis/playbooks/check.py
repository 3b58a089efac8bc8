"""Everything that is wrong with a playbook, at once, with lines, for the people who write them.

Judges a text; changes nothing and reads no file. By subject: the header in ``check_header``, the
sections and blanks in ``check_sections``, what stands in an answer in ``answers``, ``claims``,
``wording`` and ``personal``; what keeps a playbook from being read at all in ``parse``.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from crisis.playbooks.check_header import HeaderCheck
from crisis.playbooks.check_sections import SectionCheck
from crisis.playbooks.header import Header
from crisis.playbooks.parse import read
from crisis.playbooks.problem import Problem


def check(
    name: str, text: str, *, today: date, rumour_ids: Container[str] | None = None
) -> list[Problem]:
    """All problems of the playbook ``name``, whose file holds ``text``, sorted by line.

    ``today`` is the authority's calendar day. ``rumour_ids`` are those of the catalogue; None if it
    is not at hand. Raises nothing. An empty list: nothing to improve.
    """
    reading = read(name, text)
    header, sections = HeaderCheck(reading), SectionCheck(reading)
    if not _is_unreadable(reading.header):
        header.run(name, text, today=today, rumour_ids=rumour_ids)
    if reading.sections or not _is_unreadable(reading.header):
        sections.run()
    found = {*reading.problems, *header.problems, *sections.problems}
    return sorted(found, key=_by_line)


def _by_line(problem: Problem) -> tuple[int, int, str, str]:
    return problem.line, ("error", "warning", "hint").index(problem.severity), *_tail(problem)


def _tail(problem: Problem) -> tuple[str, str]:
    return problem.code, problem.en


def _is_unreadable(header: Header) -> bool:
    return any(p.code.startswith(("yaml", "header", "file")) for p in header.problems)
