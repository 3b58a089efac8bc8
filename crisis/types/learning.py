"""What stays of people's verdicts, the models learned from it, and which thresholds held when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from crisis.types.matches import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What stays of a verdict when its post is gone: numbers, no text, no author, no time of day.

    ``own`` are features of the post and the rumour by name, ``rival`` those of the post and the best
    other rumour; both empty where the post no longer came near the rumour.
    """

    id: int = 0
    sighting_id: int | None  # None once the post is forgotten
    rumour_id: str
    verdict: Verdict
    week: date  # the Monday of the week in which it was said
    model: str  # version of the model that had shown the post
    basis: str  # what the numbers were made with: see ``matching.verdicts``
    own: Mapping[str, float] = field(default_factory=dict)
    rival: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedModel:
    """A model learned on this desk, kept whether or not it was better."""

    version: str  # "3+desk.4": the fourth learned here, from the shipped model 3
    parent: str  # version of the shipped model
    made: datetime
    made_by: int | None  # None: the monitor, or the command line
    text: str = field(repr=False)  # the model's file
    sha256: str  # of ``text``
    figures: Mapping[str, object] = field(default_factory=dict)
    better: bool  # than the model then in use
    lessons: int  # how many it learned from
    up_to: int  # the newest lesson's id


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """From when on a model judged. ``before`` is the use that going back leads to."""

    id: int = 0
    version: str  # "shipped": the one that comes with the program
    since: datetime
    by: int | None
    before: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdUse:
    """From when on which thresholds hold, as distances from the model's own, in log-odds.

    Distances, since scores of another model and of a larger catalogue mean something else. Both None:
    what the settings file says, else the model's own.
    """

    id: int = 0
    raising: float | None
    suggesting: float | None
    false_alarms_per_week: float | None = None  # the budget they were made from, if from one
    suggestions_per_day: float | None = None
    since: datetime
    by: int | None
    before: int | None  # the use that going back leads to; None: nobody had set any
