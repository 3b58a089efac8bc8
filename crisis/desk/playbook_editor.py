"""What stands beside a playbook that is being written: what the check says, every channel as it will look.

Asked for again while somebody types; keeps nothing. Saving is in ``playbooks``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crisis.desk import here, playbook_pictures
from crisis.desk.previews import Preview, of_texts
from crisis.desk.words import _, ngettext
from crisis.playbooks.blocks import located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.kinds import example_of
from crisis.playbooks.parse import read
from crisis.playbooks.problem import Problem
from crisis.types import Picture

blueprint = Blueprint("playbook_editor", __name__, url_prefix="/playbooks")

MOST_CHARACTERS = 200_000  # as many as a file may have; more is not looked at


@dataclass(frozen=True, slots=True)
class Side:
    """Everything beside the text."""

    problems: Sequence[Problem]
    headline: str
    statements: Sequence[Preview]  # the first statement, channel by channel
    answers: Sequence[Preview]
    pictures: Sequence[Picture] = ()
    lang: str = ""


@blueprint.post("/vorschau")
def preview() -> ResponseReturnValue:
    """For the text that stands in the form now."""
    text = request.form.get("text", "")[:MOST_CHARACTERS]
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return render_template(
        "playbooks/side.html",
        side=side(request.form.get("name", ""), text),
        counted=counted,
        picture_address=playbook_pictures.address,
        pictures_where=playbook_pictures.where,
    )


def side(name: str, text: str) -> Side:
    """What the check says, and the channels filled with the examples; none while the header is broken."""
    name = name.strip() or "neu"
    made = Folder(here.settings().playbook_folder).whole(name, text)
    problems = located(
        check(name, made.text, today=here.today(), rumour_ids=here.store().rumours.ids()), made
    )
    playbook = read(name, made.text).playbook
    if playbook is None:
        return Side(problems, "", [], [])
    values = {blank.name: example_of(blank) for blank in playbook.placeholders}
    return Side(
        problems=problems,
        headline=playbook.title,
        statements=of_texts(playbook.holding, values, top=3),
        answers=of_texts(playbook.answers, values, top=3, pictures=playbook.pictures),
        pictures=playbook.pictures,
        lang=playbook.lang,
    )


def counted(problems: Sequence[Problem]) -> str:
    """How many of each level, in words."""
    left = sum(problem.code == "pattern-left" for problem in problems)
    counts = Counter(problem.severity for problem in problems if problem.code != "pattern-left")
    said = [
        ngettext(
            "ein Satz des Musters ist zu ersetzen",
            "%(num)s Sätze des Musters sind zu ersetzen",
            left,
        )
        if left
        else "",
        ngettext("ein Fehler", "%(num)s Fehler", counts["error"]) if counts["error"] else "",
        ngettext("eine Warnung", "%(num)s Warnungen", counts["warning"])
        if counts["warning"]
        else "",
        ngettext("ein Hinweis", "%(num)s Hinweise", counts["hint"]) if counts["hint"] else "",
    ]
    return ", ".join(filter(None, said)) or _("Nichts zu beanstanden.")
