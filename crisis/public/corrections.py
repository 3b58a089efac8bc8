"""One correction with all that was ever public under its address, and what every citizens' page shares:
language and dates in words. Renders no page itself; how long one is kept: ``kept``.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel import Locale, UnknownLocaleError
from flask import Blueprint, request
from flask_babel import format_date
from markupsafe import Markup

from crisis.channels import Page, to_page
from crisis.desk import here, words
from crisis.errors import CrisisError, NotFoundError
from crisis.types import Response as Answer
from crisis.types import ResponseState, UpdateState

blueprint = Blueprint("public", __name__, url_prefix="/klarstellungen", template_folder="templates")

_log = logging.getLogger(__name__)


# Part of the address -> channel of the answer: the same for people who read less easily.
WAYS = {"einfach": "plain", "leicht": "easy"}


@dataclass(frozen=True, slots=True)
class Correction:
    """One address with all that was ever public under it."""

    slug: str
    page: Page
    answer: Answer  # the newest version
    history: Sequence[Answer]  # newest first
    confirmed: datetime | None = None  # when somebody last said that it still holds

    @property
    def ways(self) -> list[str]:
        """In which simpler ways it can be read: keys of ``WAYS``."""
        return [way for way, channel in WAYS.items() if self.answer.texts.get(channel, "").strip()]

    @property
    def withdrawn(self) -> bool:
        return self.answer.state is ResponseState.WITHDRAWN

    @property
    def published(self) -> datetime:
        """When the first version went out."""
        return self.history[-1].released_at or self.history[-1].written_at

    @property
    def changed(self) -> datetime:
        """When its words last changed."""
        return self.answer.withdrawn_at or self.answer.released_at or self.published

    @property
    def updated(self) -> datetime:
        """When readers last learned something here: other words, or that the words still hold."""
        return max(self.changed, self.confirmed or self.changed)


@dataclass(frozen=True, slots=True)
class Promise:
    """What readers learn of promised updates."""

    confirmed: datetime | None
    following: datetime | None


def corrections(answers: Sequence[Answer]) -> list[Correction]:
    """Each with its history; what cannot be shown is left out."""
    store = here.store()
    found = (correction(store.responses.revisions(a.slug)) for a in answers)
    return [one for one in found if one is not None]


def correction(history: Sequence[Answer]) -> Correction | None:
    """None for an answer that has nothing for the website; one bad answer does not hide the others."""
    answer = history[0]
    try:
        page = to_page(answer)
    except CrisisError as error:
        _log.warning("answer %s cannot be shown on the website: %s", answer.id, error)
        return None
    stands = answer.state is ResponseState.RELEASED
    confirmed = promise(answer).confirmed if stands else None
    return Correction(answer.slug, page, answer, history, confirmed)


def shown(slug: str) -> Correction:
    """What stands at this address. Raises NotFoundError; what belongs to an exercise only staff find."""
    history = here.store().responses.revisions(slug)
    found = correction(history) if history else None
    if found is None or (found.answer.drill and here.person_or_none() is None):
        raise NotFoundError(
            "Diese Klarstellung gibt es nicht. Vielleicht ist die Adresse unvollständig kopiert.",
            "There is no such correction. Perhaps the address was not copied in full.",
        )
    return found


def promise(answer: Answer) -> Promise:
    """When the answer was last confirmed, and when people were promised to hear again."""
    plans = here.store().updates.of_response(answer.id)
    running = (plan.due for plan in plans if plan.state is UpdateState.RUNNING)
    return Promise(
        confirmed=max((plan.last for plan in plans if plan.last), default=None),
        following=next(running, None),
    )


def pinned() -> Correction | None:
    """What everybody must see now, if anything: the newest answer that was put above the pages."""
    for answer in here.store().responses.pinned(here.now()):
        found = correction([answer])
        if found is not None:
            return found
    return None


# --- what every page needs ----------------------------------------------------------------------


def moment(value: datetime) -> Markup:
    """A date that is still right in ten years: "21. November 2026, 14:05 Uhr"."""
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(timespec="seconds"), in_words(value)
    )


def in_words(value: datetime) -> str:
    """The same without markup."""
    return f"{format_date(value, 'long')}, {words.clock(value)}"


def day(value: datetime) -> Markup:
    """The date alone."""
    return Markup('<time datetime="{}">{}</time>').format(
        value.isoformat(timespec="seconds"), format_date(value, "long")
    )


def language_name(tag: str) -> str:
    """A language as those who speak it call it: "Deutsch", "English", "Türkçe"."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return tag
    return locale.get_display_name(tag.partition("-")[0]) or tag


def language() -> str:
    """Of the frame: as the address says, else the authority's. Nothing is remembered.

    Not the browser's: then a cache in front would have to keep a page for every browser there is.
    """
    wanted = request.args.get("sprache", "")
    return wanted if wanted in words.LANGUAGES else here.settings().authority.language


def frame(path: str) -> dict[str, object]:
    """What the templates of these pages use."""
    base = here.settings().base_url
    return {"base": base, "address": base + path, "moment": moment, "day": day}
