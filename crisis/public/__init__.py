"""The citizens' pages: what the authority has put right, as list, page, feed and picture.

Shows only what a second person released. Sets no cookie, needs no JavaScript, knows no SQL and changes
nothing. ``corrections`` gathers, ``pages`` shows, ``illustrations`` shows the pictures approved along,
``feeds`` writes for programs, ``pictures`` draws, ``kept`` carries a rush.
"""

from __future__ import annotations

from crisis.public import feeds, illustrations, pages, pictures
from crisis.public.corrections import blueprint

__all__ = ["blueprint", "feeds", "illustrations", "pages", "pictures"]
