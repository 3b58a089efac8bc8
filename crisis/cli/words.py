"""The language of the command line: one place that picks it.

Does not know any sentence itself; every command says its own in both languages.
"""

from __future__ import annotations

import os


def language() -> str:
    """Which language the command line speaks: "de" or "en".

    ``CRISIS_LANG`` decides; without it the usual ``LC_ALL`` and ``LANG``. German unless they name
    English: the desk's first readers sit in German authorities, and ``LANG=C`` says nothing.
    """
    for name in ("CRISIS_LANG", "LC_ALL", "LANG"):
        value = os.environ.get(name, "").strip().lower()
        if value and value not in {"c", "posix"} and not value.startswith("c."):
            return "en" if value.startswith("en") else "de"
    return "de"


def t(de: str, en: str) -> str:
    """The one of two sentences that this person reads."""
    return de if language() == "de" else en
