"""What stands around every page: navigation, who is signed in, and the exercise's banner.

Does not know what any page shows.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, request, url_for
from markupsafe import Markup

from crisis.desk import here, security
from crisis.desk.words import _
from crisis.playbooks.render import to_html
from crisis.types import Drill, DrillPlan, DrillState

# What is needed in an incident stands in a row; the rest unfolds.
_MAIN = frozenset(
    {
        "board.show",
        "suggestions.show",
        "rumours.index",
        "playbooks.index",
        "answers.index",
        "figures.show",
        "reports.show",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation."""

    name: str
    address: str
    current: bool
    count: int = 0  # how much waits there
    main: bool = True  # in the row, not in the menu of what is needed seldom


def install(app: Flask) -> None:
    """Give every template what its frame needs."""
    app.context_processor(_frame)


def _frame() -> dict[str, object]:
    return {
        "authority": here.settings().authority,
        "me": here.person_or_none,
        "navigation": navigation,
        "exercise": exercise,
        "team_drill": team_drill,
        "may_call": may_call,
        "has_page": lambda endpoint: endpoint in current_app.view_functions,
        "now": here.now,
        "switch_language": switch_language,
        "public_address": public_address,
        "markdown": markdown,
    }


def may_call(endpoint: str) -> bool:
    """Whether the person signed in may call this endpoint: no button without a right."""
    if endpoint not in current_app.view_functions:
        return False
    person = here.person_or_none()
    return person is not None and not person.roles.isdisjoint(security.RIGHTS[endpoint])


def navigation() -> list[Entry]:
    """The pages this person may see, in the order of the flow."""
    pages = (
        (
            "board.show",
            _("Lage"),
            ("incidents", "posts", "work", "files", "joins", "responses", "answer_review"),
        ),
        ("suggestions.show", _("Vorschläge"), ()),
        (
            "rumours.index",
            _("Gerüchte"),
            ("rumour_edit", "rumour_files", "rumour_history", "bench", "phrasings"),
        ),
        (
            "playbooks.index",
            _("Vorlagen"),
            ("reviews", "upkeep", "playbook_editor", "playbook_history"),
        ),
        ("answers.index", _("Antworten"), ()),
        ("figures.show", _("Kennzahlen"), ()),
        ("reports.show", _("Bericht"), ("handovers",)),
        ("sources.index", _("Quellen"), ("source_page", "tokens")),
        ("matching.show", _("Abgleich"), ()),
        ("outbox.index", _("Postausgang"), ()),
        ("audit.index", _("Protokoll"), ()),
        ("mailing_list.index", _("Verteiler"), ()),
        ("rota.show", _("Dienstplan"), ("layers", "duty_people", "alert_rules", "ways")),
        ("people.index", _("Personen"), ()),
        ("drills.index", _("Übungen"), ("drill",)),
        ("settings_page.show", _("Einstellungen"), ("test_mail", "welcome", "gateways")),
    )
    waiting = {"suggestions.show": here.store().suggestions.count()}
    return [
        Entry(
            name,
            url_for(endpoint),
            request.blueprint in (endpoint.partition(".")[0], *also),
            waiting.get(endpoint, 0),
            endpoint in _MAIN,
        )
        for endpoint, name, also in pages
        if may_call(endpoint)
    ]


def team_drill() -> DrillPlan | None:
    """The drill of the team that runs, if any. Strangers learn nothing of it."""
    return None if here.person_or_none() is None else here.store().drill_plans.running()


def exercise() -> Drill | None:
    """The exercise whose traces are still here, if any. Strangers learn nothing of it."""
    if here.person_or_none() is None:
        return None
    drill = here.store().drills.latest()
    if drill is None or drill.removed:
        return None
    plan = here.store().drill_plans.of_drill(drill.id)
    # What a drill of the team left behind is in nobody's way.
    return drill if plan is None or plan.state is DrillState.RUNNING else None


def switch_language(lang: str) -> str:
    """This page's address in another language."""
    if request.method != "GET" or request.endpoint is None:
        return url_for("board.show", lang=lang)
    arguments = (
        {**request.view_args, **request.args.to_dict(flat=True)}
        if request.view_args
        else {**request.args.to_dict(flat=True)}
    )
    arguments.pop("lang", None)
    return url_for(request.endpoint, **arguments, lang=lang)


def public_address(slug: str) -> str:
    """Where citizens read the answer with this slug."""
    return url_for("public.show", slug=slug)


def markdown(text: str, top: int = 3) -> Markup:
    """Markdown of ours as safe HTML."""
    return Markup(to_html(text, top=top))  # noqa: S704 - cleaned by ``to_html``
