"""The form of one catalogue entry: what was typed, and the entry it says. Saves nothing, shows nothing.

Works without JavaScript: facts are numbered rows, of which some are empty; phrasings one a line.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from crisis.desk import words
from crisis.desk.words import _
from crisis.rumours import entry
from crisis.rumours.fields import day
from crisis.types import Fact, FactCheck, Rumour, RumourStatus
from crisis.workflows import know

EMPTY_ROWS = 2  # for the first facts of a new entry
PARTS = ("text", "source", "url", "date")


@dataclass
class Form:
    """What stands in the form's fields, as typed."""

    values: dict[str, str]  # id, title, text, variants, lang, topics, status, valid_until
    facts: list[dict[str, str]] = field(default_factory=list)
    stamp: str = ""  # when the entry was last changed, as the writer saw it

    def more(self) -> None:
        """One more empty row for a fact."""
        self.facts.append(dict.fromkeys(PARTS, ""))


NAMES = ("id", "title", "text", "variants", "lang", "topics", "status", "valid_until")


def empty(lang: str) -> Form:
    """The form of a new entry."""
    form = Form({**dict.fromkeys(NAMES, ""), "lang": lang, "status": "suspected"})
    for _row in range(EMPTY_ROWS):
        form.more()
    return form


def of_check(check: FactCheck) -> Form:
    """The form of a new entry that begins with what a published check says."""
    fact = know.fact_of(check)
    form = empty(check.lang[:2] if check.lang else words.language())
    # A headline says how it really is; the claim is for a person to write.
    form.values |= {"text" if check.claimed else "title": check.claim, "status": check.status.value}
    form.facts[0] = {
        "text": fact.text,
        "source": fact.source,
        "url": fact.url,
        "date": _day_text(fact.date),
    }
    return form


def of_rumour(rumour: Rumour) -> Form:
    """The form of a known entry."""
    form = Form(
        {
            "id": rumour.id,
            "title": rumour.title,
            "text": rumour.text,
            "variants": "\n".join(" ".join(variant.split()) for variant in rumour.variants),
            "lang": rumour.lang,
            "topics": ", ".join(rumour.topics),
            "status": rumour.status.value,
            "valid_until": _day_text(rumour.valid_until),
        },
        [
            {"text": f.text, "source": f.source, "url": f.url, "date": _day_text(f.date)}
            for f in rumour.facts
        ],
        stamp(rumour),
    )
    form.more()
    return form


def of_request(data: Mapping[str, str]) -> Form:
    """The form as it was sent. Empty rows of facts are kept, so that their numbers stay."""
    facts: list[dict[str, str]] = []
    while len(facts) < entry.MOST_FACTS and any(f"fakt-{len(facts)}-{p}" in data for p in PARTS):
        facts.append({part: data.get(f"fakt-{len(facts)}-{part}", "").strip() for part in PARTS})
    return Form(
        {name: data.get(name, "").strip() for name in NAMES}, facts, data.get("fassung", "")
    )


def read(
    form: Form, taken: Container[str], before: Rumour | None = None
) -> tuple[Rumour, dict[str, str]]:
    """The entry the form says, and what is wrong by field. ``before`` keeps its id and its times."""
    typed: dict[str, str] = {}
    values = form.values
    facts = [_fact(row, number, typed) for number, row in enumerate(form.facts)]
    made_id = entry.id_for(values["title"] or values["text"], taken)
    rumour = Rumour(
        id=before.id if before else (values["id"] or made_id),
        title=" ".join(values["title"].split()),
        text=" ".join(values["text"].split()),
        variants=_once(values["variants"].splitlines()),
        lang=values["lang"].lower(),
        topics=_once(values["topics"].replace(";", ",").split(",")),
        status=_status(values["status"]),
        facts=tuple(fact for fact in facts if fact is not None),
        valid_until=_day(values["valid_until"], "valid_until", typed),
    )
    if before is not None:
        rumour = replace(rumour, retired=before.retired, created=before.created)
    problems: dict[str, str] = {}
    for name, sentences in entry.problems(rumour):
        problems.setdefault(name, sentences[0 if words.language() == "de" else 1])
    return rumour, {**problems, **typed}


def stamp(rumour: Rumour) -> str:
    """What tells one version of an entry from the next."""
    return rumour.updated.isoformat() if rumour.updated else ""


def stands(rumour: Rumour) -> dict[str, list[str]]:
    """What its form begins with, field by field."""
    form = of_rumour(rumour)
    facts = {
        f"fakt-{number}-{part}": [fact[part]]
        for number, fact in enumerate(form.facts)
        for part in PARTS
        if any(fact.values())
    }
    return {**{name: [form.values[name]] for name in NAMES if name != "id"}, **facts}


def _once(values: list[str]) -> tuple[str, ...]:
    """Without empty ones and repeats, spaces tidied."""
    return tuple(dict.fromkeys(tidy for value in values if (tidy := " ".join(value.split()))))


def _status(value: str) -> RumourStatus:
    known = {status.value: status for status in RumourStatus}
    return known.get(value, RumourStatus.SUSPECTED)


def _fact(row: Mapping[str, str], number: int, problems: dict[str, str]) -> Fact | None:
    if not any(row.values()):
        return None
    name = f"fakt-{number}-"
    if not row["text"]:
        problems[name + "text"] = _("Bitte schreiben Sie, was stimmt.")
    if row["url"] and not entry.is_web_address(row["url"]):
        problems[name + "url"] = _("Das ist keine Web-Adresse; sie beginnt mit https://.")
        row = {**row, "url": ""}
    return Fact(
        text=row["text"] or "–",
        source=row["source"],
        url=row["url"],
        date=_day(row["date"], name + "date", problems),
    )


def _day(text: str, name: str, problems: dict[str, str]) -> date | None:
    try:
        return day(text)
    except ValueError:
        problems[name] = _("Das ist kein Datum; bitte so: 31.12.2027.")
        return None


def _day_text(value: date | None) -> str:
    """As browsers' date fields want it."""
    return value.isoformat() if value else ""
