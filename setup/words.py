"""What set-up says, in the reader's language. Runs on the system's Python: standard library only."""

from __future__ import annotations

import os
import sys


def t(de: str, en: str) -> str:
    """The one of two sentences that this person reads: German unless the environment says English.

    The same rule as ``crisis.cli.words``, which cannot be imported before the set-up is done.
    """
    for name in ("CRISIS_LANG", "LC_ALL", "LANG"):
        value = os.environ.get(name, "").strip().lower()
        if value and value not in ("c", "posix") and not value.startswith("c."):
            return en if value.startswith("en") else de
    return de


def step(de: str, en: str) -> None:
    """Announce what takes a moment."""
    print("• " + t(de, en), flush=True)


class SetupError(Exception):
    """Set-up cannot go on; the message says what is missing and how to get it."""


def stop(error: SetupError) -> None:
    """End with the message, plainly."""
    print("\n" + t("Das fehlt noch: ", "Something is missing: ") + str(error), file=sys.stderr)
    sys.exit(1)
