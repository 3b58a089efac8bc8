"""The test bench: paste posts, see what of the catalogue would match them, and why. Keeps nothing.

Decides nothing either: bands, scores and reasons are the matcher's (``matching``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from crisis.desk import here, words
from crisis.desk.words import _
from crisis.matching import reasons
from crisis.types import Band, Match, Rumour

blueprint = Blueprint("bench", __name__, url_prefix="/geruechte/ausprobieren")

LONGEST = 20_000  # characters; what the matcher reads of a post
MOST_POSTS = 20  # one a line; more is what files and ``crisis match`` are for
_TOP = 3


@dataclass(frozen=True, slots=True)
class Trial:
    """One pasted post and what the catalogue says to it, best first."""

    text: str
    matches: Sequence[Match]

    @property
    def best(self) -> Match | None:
        """The match that counts, if anything has to do with the post at all."""
        return self.matches[0] if self.matches else None

    @property
    def band(self) -> Band:
        """What would become of the post."""
        return max((m.band for m in self.matches), key=_ORDER.index, default=Band.NONE)

    @property
    def second(self) -> Match | None:
        """The runner-up."""
        return self.matches[1] if len(self.matches) > 1 else None


_ORDER = (Band.NONE, Band.SUGGEST, Band.RAISE)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    """The empty box."""
    return _page("", "", rumour=_rumour(request.args.get("geruecht", "")))


@blueprint.post("/")
def compare() -> ResponseReturnValue:
    """What the catalogue says to the posts in the box."""
    text = request.form.get("beitrag", "").strip()[:LONGEST]
    rumour = _rumour(request.form.get("geruecht", ""))
    if not text:
        return _page("", _("Bitte fügen Sie einen Beitrag ein."), rumour=rumour), 422
    several = "mehrere" in request.form
    lines = [line.strip() for line in text.splitlines() if line.strip()] if several else [text]
    cut = max(0, len(lines) - MOST_POSTS)
    return _page(text, "", rumour=rumour, lines=lines[:MOST_POSTS], several=several, cut=cut)


def _rumour(rumour_id: str) -> Rumour | None:
    return here.store().rumours.find(rumour_id) if rumour_id else None


def _page(
    text: str,
    problem: str,
    *,
    rumour: Rumour | None,
    lines: Sequence[str] = (),
    several: bool = False,
    cut: int = 0,
) -> str:
    store = here.store()
    trials: list[Trial] = []
    bands = None
    if lines:
        index = here.house().index()
        bands = index.bands
        found = index.match(lines, [""] * len(lines), top=_TOP)
        trials = [Trial(line, matches) for line, matches in zip(lines, found, strict=True)]
    ids = {match.rumour_id for trial in trials for match in trial.matches}
    return render_template(
        "bench/show.html",
        text=text,
        problem=problem,
        rumour=rumour,
        several=several,
        cut=cut,
        trials=trials,
        bands=bands,
        known={i: one for i in ids if (one := store.rumours.find(i)) is not None},
        marked=words.marked,
        why=lambda match: [reasons.say(r, words.language()) for r in match.reasons],
        most=MOST_POSTS,
    )
