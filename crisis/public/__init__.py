"""The citizens' pages: what the authority has put right, as list, page, feed and picture.

Shows only what a second person released. Sets no cookie, needs no JavaScript, knows no SQL and changes
nothing. ``corrections`` gathers, ``pages`` shows, ``feeds`` writes for programs, ``pictures`` draws, ``kept``
carries a rush.
"""

from __future__ import annotations

from crisis.public import feeds, pages, pictures
from crisis.public.corrections import blueprint

__all__ = ["blueprint", "feeds", "pages", "pictures"]
