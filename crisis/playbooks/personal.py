"""What in a playbook may belong to a private person: names, mobile numbers, addresses of mail.

A playbook is read by many and kept for years: units and their numbers belong into it, people do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MOBILE = re.compile(r"(?<!\d)(?:\+49|0049|0)[ /-]?\(?0?\)?1[567]\d(?:[ /-]?\d){6,9}(?!\d)")
_PERSONAL_MAIL = re.compile(
    r"\b[a-zäöüß]{2,}(?:\.[a-zäöüß-]{2,})@(?!.*\b(?:info|presse)\b)[\w.-]+\.[a-z]{2,}",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"stelle|amt|presse|info|buero|service|team|dienst|press|office|desk|stadt", re.I
)
_NAME = re.compile(
    r"\b(?:Frau|Herrn?|Dr\.|Prof\.|Mr|Mrs|Ms)\.?\s+(?:Dr\.\s+)?(?!Dr\.|Doktor|Professor)"
    r"[A-ZÄÖÜ][\w’'-]+(?:\s[A-ZÄÖÜ][\w’'-]+)?"
)

Found = tuple[str, str, str, int]  # code, German, English, offset in the text


def findings(text: str) -> Iterator[Found]:
    """What might be somebody's own, the first of each kind."""
    if mobile := _MOBILE.search(text):
        yield (
            "personal-phone",
            (
                f"„{mobile.group()}“ ist eine Handynummer. Gehört sie einer Person? Nehmen Sie die Nummer "
                "einer Stelle."
            ),
            f'"{mobile.group()}" is a mobile number. Is it somebody\'s own? Take the number of a unit.',
            mobile.start(),
        )
    for mail in _PERSONAL_MAIL.finditer(text):
        if not _UNIT.search(mail.group().partition("@")[0]):
            yield (
                "personal-email",
                f"„{mail.group()}“ sieht nach der Adresse einer Person aus. Nehmen Sie die einer Stelle.",
                f'"{mail.group()}" looks like the address of a person. Take that of a unit.',
                mail.start(),
            )
            break
    if name := _NAME.search(text):
        yield (
            "personal-name",
            (
                f"„{name.group()}“ ist der Name eines Menschen. Nennen Sie die Stelle: Namen ändern sich, "
                "und die Vorlage lesen viele."
            ),
            f'"{name.group()}" is the name of a person. Name the unit: names change, and many read this.',
            name.start(),
        )
