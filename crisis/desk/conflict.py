"""Two people changed the same thing: ask, field by field, what shall hold, and lose nothing.

A form carries what it was made from (``began``). Where somebody else saved meanwhile, what only one of
them changed is taken without a question; for the rest ``ask`` shows both versions. The answer comes back to
the same address; ``resolved`` turns it into the form that would have been sent. Saves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict

from crisis.desk import here, story
from crisis.playbooks.difference import words

Values = Mapping[str, Sequence[str]]  # the form's fields -> what stands in them

BEGAN, COUNT = "begann", "fragen"
YOURS, THEIRS, BOTH = "ihre", "jene", "beide"
MOST = 200  # fields of a form
TALL = 18  # lines


@dataclass(frozen=True, slots=True)
class Part:
    """Something of a form that holds or does not hold as a whole: a field, or some that belong together."""

    label: str
    names: tuple[str, ...]
    rows: int = 0  # of a longer text; 0: one line, or no text
    words: Mapping[str, str] | None = None  # what values are called, where they are codes


@dataclass(frozen=True, slots=True)
class Question:
    """What both changed."""

    number: int
    part: Part
    yours: Values
    theirs: Values

    @property
    def combined(self) -> str:
        """What to begin with who wants both; "" where that makes no sense."""
        if len(self.yours) != 1 or self.part.words is not None:
            return ""
        mine, other = (_lines(values) for values in (self.yours, self.theirs))
        if self.part.rows:
            return _woven("\n".join(mine).split("\n"), "\n".join(other).split("\n"))
        return " ".join(dict.fromkeys((*mine, *other)))

    @property
    def height(self) -> int:
        """Lines of the field in which both are put together: all of them, as far as that is handy."""
        return min(max(self.part.rows, self.combined.count("\n") + 2, 2), TALL)

    def marked(self, values: Values) -> str:
        """A version as people read it; in a longer text the words are marked that the other lacks."""
        mine = self.shown(values)
        other = self.shown(self.theirs if values is self.yours else self.yours)
        if not self.part.rows:
            return mine
        return Markup("").join(
            Markup("<mark>{}</mark>").format(piece)
            if sign == "+" and piece.strip()
            else escape(piece)
            for sign, piece in words(other, mine)
            if sign != "-"
        )

    def shown(self, values: Values) -> str:
        """A version as people read it."""
        names = self.part.words or {}
        return "\n".join(names.get(value, value) for value in _lines(values)) or "–"


@dataclass(frozen=True, slots=True)
class Compared:
    """What comes of two versions of a form."""

    settled: Values  # as it will be saved
    questions: Sequence[Question]
    from_them: Sequence[str]  # labels of what only they changed


def _woven(mine: Sequence[str], other: Sequence[str]) -> str:
    """Both texts, with the lines at the beginning and at the end that they share said once."""
    head = _shared(mine, other)
    rest = [lines[head:][::-1] for lines in (mine, other)]
    tail = _shared(*rest)
    own, new = (lines[tail:][::-1] for lines in rest)
    return "\n".join([*mine[:head], *own, *new, *mine[len(mine) - tail :]]).strip("\n")


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _lines(values: Values) -> list[str]:
    return [value for name in values for value in values[name] if value]


def began(values: Values) -> Markup:
    """What a form was made from, as a hidden field of it."""
    text = json.dumps({name: list(values[name]) for name in values}, ensure_ascii=False)
    return Markup('<input type="hidden" name="{}" value="{}">').format(BEGAN, text)


def compare(parts: Sequence[Part], start: Values, yours: Values, theirs: Values) -> Compared:
    """What holds, and what has to be asked. Names that a version does not have count as empty."""
    settled: dict[str, Sequence[str]] = {}
    questions: list[Question] = []
    from_them = []
    for part in parts:
        at, mine, other = (_of(part, values) for values in (start, yours, theirs))
        if mine in (other, at):
            settled |= other
            if mine != other:
                from_them.append(part.label)
        elif other == at:
            settled |= mine
        else:
            questions.append(Question(len(questions), part, mine, other))
    return Compared(settled, questions, from_them)


def _of(part: Part, values: Values) -> dict[str, list[str]]:
    return {
        name: [value.replace("\r\n", "\n") for value in values.get(name, ())] or [""]
        for name in part.names
    }


def ask(
    parts: Sequence[Part],
    theirs: Values,
    *,
    what: str,
    token: Mapping[str, str],
    back: str,
    sent: MultiDict[str, str] | None = None,
    lists: Values | None = None,
) -> ResponseReturnValue:
    """The question, as a page. ``token`` says which version it is about; ``what`` as the log names it.

    ``sent``: the form in the fields of ``parts``, where it came in others. ``lists``: more for the answer
    to carry, with several values each.
    """
    sent = resolved(request.form) if sent is None else sent
    yours = {name: sent.getlist(name) for name in sent}
    found = compare(parts, _start(sent), yours, theirs)
    who, at = _last(what)
    page = render_template(
        "conflict.html",
        found=found,
        who=who,
        at=at,
        token={**token, BEGAN: json.dumps({n: list(theirs[n]) for n in theirs})},
        lists=lists or {},
        buttons={name: sent[name] for name in ("weiter",) if name in sent},
        back=back,
        packed=_packed,
        count=COUNT,
    )
    return page, 409


def _packed(values: Values) -> str:
    return json.dumps({name: list(values[name]) for name in values}, ensure_ascii=False)


def _start(form: MultiDict[str, str]) -> Values:
    """What the form was made from; empty where it does not say, so that everything is asked."""
    return _unpacked(form.get(BEGAN, ""))


def _unpacked(text: str) -> dict[str, list[str]]:
    try:
        found = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(name): [str(value) for value in values]
        for name, values in list(found.items())[:MOST]
        if isinstance(values, list)
    }


def _last(what: str) -> tuple[str, datetime | None]:
    """Who changed it last, and when."""
    entries = here.store().audit.of_object(what)
    if not entries:
        return "", None
    people = {person.id: person for person in here.store().people.all()}
    return story.who(entries[-1], people), entries[-1].at


def resolved(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """The form as it would have been sent without a conflict; the same where none was asked about."""
    count = min(form.get(COUNT, 0, type=int), MOST)
    data = MultiDict(form)
    for number in range(count):
        choice = form.get(f"wahl-{number}", YOURS)
        side = THEIRS if choice == THEIRS else YOURS
        values = _unpacked(form.get(f"{side}-{number}", ""))
        if choice == BOTH and len(values) == 1:
            values = {name: [form.get(f"{BOTH}-{number}", "")] for name in values}
        for name, kept in values.items():
            data.setlist(name, kept)
    return data
