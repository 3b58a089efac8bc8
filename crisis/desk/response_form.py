"""The form of an answer: what is asked for, what stands in it, what is wrong with it.

Which value fits a blank is said by ``responses.blanks``. Shows and saves nothing: see ``responses``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.playbooks.blanks import fill as filled
from crisis.playbooks.blanks import placeholders
from crisis.playbooks.kinds import input_value, normal_value
from crisis.playbooks.parse import parse
from crisis.responses import blanks
from crisis.responses.holding import corrects
from crisis.responses.release import open_points
from crisis.types import BlankKind, Placeholder, Playbook, Response, ResponseState


@dataclass(frozen=True, slots=True)
class Blank:
    """One blank of the form: what is asked for, what stands in it, what is wrong with it."""

    name: str
    label: str  # what the author asks, else the blank's name
    example: str
    value: str
    problem: str
    type: str = "text"  # of the input
    input: str = ""  # the value as the input wants it
    choices: tuple[str, ...] = ()

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices for a list to choose from."""
        return [("", _("Bitte wählen")), *((choice, choice) for choice in self.choices)]


_INPUTS = {
    BlankKind.DATE: "date",
    BlankKind.TIME: "time",
    BlankKind.DATETIME: "datetime-local",
    BlankKind.PHONE: "tel",
    BlankKind.EMAIL: "email",
    BlankKind.URL: "url",
}


def questions(playbook: Playbook | None, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """What people may ask, with what to say: Markdown, its blanks filled as far as they are known."""
    return [
        (
            one.question,
            filled(
                one.answer,
                {n: values.get(n, "").strip() or f"[{n}]" for n in blanks.blanks(one.answer)},
            ),
        )
        for one in (playbook.questions if playbook else ())
    ]


def prefilled(response: Response) -> dict[str, str]:
    """What was filled in; for a fresh draft also what the clock, the settings and earlier answers
    know."""
    values = dict(response.values)
    playbook = source(response)
    if response.state is ResponseState.DRAFT and playbook is not None and not values:
        store, authority = here.store(), here.settings().authority
        incident = store.incidents.get(response.incident_id)
        answers = [*store.responses.public(limit=50), *store.responses.of_incident(incident.id)]
        values = blanks.remembered(
            playbook.placeholders,
            incident,
            sorted(answers, key=lambda one: one.written_at, reverse=True),
            phone=authority.contact_phone,
            email=authority.contact_email,
        ) | blanks.prefill(
            playbook.placeholders,
            incident,
            now=here.now(),
            zone=zone(),
            lang=response.lang,
        )
    return values


def zone() -> ZoneInfo:
    return ZoneInfo(here.settings().authority.timezone)


def known_blanks(response: Response, playbook: Playbook | None) -> dict[str, Placeholder]:
    """Every blank of the answer with its kind, hint and example."""
    found = placeholders("\n".join((response.title, *response.texts.values())))
    declared = {p.name: p for p in playbook.placeholders} if playbook else {}
    return {name: declared.get(name, placeholder) for name, placeholder in found.items()}


def source(response: Response) -> Playbook | None:
    """The playbook exactly as it was when the answer was begun."""
    text = here.store().playbooks.text(response.playbook, response.playbook_sha256)
    return None if text is None else parse(response.playbook, text)


def blank_form(
    response: Response,
    playbook: Playbook | None,
    values: Mapping[str, str],
    problems: Mapping[str, str],
    *,
    checked: bool,
) -> list[Blank]:
    form = []
    for name, placeholder in known_blanks(response, playbook).items():
        value = values.get(name, "")
        wrong = blanks.check_value(value, placeholder=placeholder) if value or checked else None
        fits = input_value(placeholder, value)
        form.append(
            Blank(
                name=name,
                label=placeholder.hint or name.replace("_", " ").capitalize(),
                example=placeholder.example,
                value=value,
                problem=problems.get(name) or (words.either(wrong) if wrong else ""),
                type=_INPUTS.get(placeholder.kind, "text") if fits or not value else "text",
                input=fits or value,
                choices=placeholder.choices,
            )
        )
    return form


def names(response: Response) -> list[str]:
    """Every blank there is, in order."""
    texts = (response.title, *response.texts.values())
    return list(dict.fromkeys(name for text in texts for name in blanks.blanks(text)))


def typed(response: Response, form: Mapping[str, str]) -> dict[str, str]:
    local = here.now().astimezone(zone())
    return {
        name: normal_value(placeholder, form.get(f"b-{name}", ""), lang=response.lang, local=local)
        for name, placeholder in known_blanks(response, source(response)).items()
    }


def stands(response: Response) -> dict[str, list[str]]:
    """What its form begins with."""
    values = {
        f"b-{name}": [input_value(placeholder, value) or value]
        for name, placeholder in known_blanks(response, source(response)).items()
        for value in [response.values.get(name, "")]
    }
    shown = {"bild": [one.sha256 for one in response.pictures], "bilder": ["1"]}
    return {"titel": [response.title], "aenderung": [response.change_note], **values, **shown}


def problems_of(response: Response) -> dict[str, str]:
    """What is still open, by the field where it can be put right."""
    local = here.now().astimezone(zone())
    found = {}
    for name, placeholder in known_blanks(response, source(response)).items():
        value = response.values.get(name, "")
        wrong = blanks.check_value(value, placeholder=placeholder, local=local)
        if wrong:
            found[f"b-{name}"] = words.either(wrong)
    if corrects(response) and not response.change_note:
        found["aenderung"] = _("Sagen Sie in einem Satz, was sich geändert hat.")
    if not found:
        found = {
            f"kanal-{number}": words.either(point)
            for number, point in enumerate(open_points(response))
        }
    return found
