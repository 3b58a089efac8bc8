"""Two people changed the same playbook: what that means for its sections.

The question itself is asked by ``conflict``; a text is cut and joined by ``playbooks.cutting``.
Saves nothing.
"""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from crisis.desk import conflict
from crisis.desk.words import _
from crisis.playbooks import cutting
from crisis.playbooks.parse import sha256

FIELD, ORDER = "teil:", "reihe"
ROWS = 10


def start(text: str, began: str = "") -> Markup:
    """What the editor began from, as a hidden field; kept while the text is checked, and with a draft."""
    kept = request.form.get(conflict.BEGAN) or began or None
    if kept is not None:
        return Markup('<input type="hidden" name="{}" value="{}">').format(conflict.BEGAN, kept)
    return conflict.began(_fields(text))


def _fields(text: str) -> dict[str, list[str]]:
    return {FIELD + name: [body] for name, body in cutting.cut(text).items()}


def text() -> str:
    """The text that was sent: as a whole by the editor, in sections by the question."""
    form = conflict.resolved(request.form)
    if ORDER not in form:
        return form.get("text", "")
    # A browser sends line ends its own way.
    bodies = {
        name: form.get(FIELD + name, "").replace("\r\n", "\n") for name in form.getlist(ORDER)
    }
    return cutting.joined(bodies, bodies)


def ask(name: str, yours: str, theirs: str) -> ResponseReturnValue:
    """Which version of each section shall hold. ``theirs`` is the file as it stands."""
    mine, other = cutting.cut(yours), cutting.cut(theirs)
    names = cutting.order(mine, other)
    sent = MultiDict({field: body[0] for field, body in _fields(yours).items()})
    sent[conflict.BEGAN] = request.form.get(conflict.BEGAN, "")
    return conflict.ask(
        [conflict.Part(_label(one), (FIELD + one,), rows=ROWS) for one in names],
        _fields(theirs),
        what=f"playbook:{name}",
        token={"name": name, "sha256": sha256(theirs)},
        lists={ORDER: names},
        back=url_for("playbooks.edit", name=name),
        sent=sent,
    )


def _label(name: str) -> str:
    return name.removeprefix("## ") or _("Kopf mit den Angaben")
