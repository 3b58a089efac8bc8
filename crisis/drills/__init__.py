"""Exercises: what a scenario says, which of its posts are out, what was expected and what came of it.

Pure. Does not start, play or remove anything: see ``workflows.drill`` (one person gets to know the desk) and
``workflows.drill_plans`` (the team, through the whole chain)::

    scenario   a scenario file, read          expected   which actions are expected by when
    feed       the local feed, as it stands   outcome    who did what when, beside the last time
"""

from __future__ import annotations

from crisis.drills.feed import feed, played
from crisis.drills.scenario import LONGEST, MOST_POSTS, Line, Scenario, bare, marked, parse

__all__ = ["LONGEST", "MOST_POSTS", "Line", "Scenario", "bare", "feed", "marked", "parse", "played"]
