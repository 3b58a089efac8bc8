"""The citizens' pages: what the authority has put right, as list, page and feed.

Shows only what a second person released. Sets no cookie, needs no JavaScript, knows no SQL and changes
nothing. ``pages`` holds the views, ``feed`` writes Atom.
"""

from __future__ import annotations

from crisis.public.pages import blueprint

__all__ = ["blueprint"]
