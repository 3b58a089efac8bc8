"""Ask every channel who we are there and how long a post may be: ask -> keep what it said.

Sends no answer. What was said is kept as a fact, for the desk's previews and the settings page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from crisis.errors import CrisisError
from crisis.interfaces import House, Store
from crisis.types import Account

EVERY = timedelta(hours=6)
_FACT = "channel."


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a channel said when it was last asked."""

    at: datetime
    name: str = ""
    url: str = ""
    most: int | None = None
    problem_de: str = ""
    problem_en: str = ""


def ask(house: House, now: datetime) -> Mapping[str, Account | CrisisError]:
    """Ask all that are set up; says what each answered."""
    answers: dict[str, Account | CrisisError] = {}
    for code, channel in house.channels.items():
        try:
            answers[code] = channel.account()
        except CrisisError as error:
            answers[code] = error
        _keep(house.store, code, answers[code], now)
    return answers


def due(house: House, now: datetime) -> bool:
    """Whether one of the channels has not been asked for long."""
    words = (word(house.store, code) for code in house.channels if code != "webhook")
    return any(said is None or now - said.at > EVERY for said in words)


def word(store: Store, code: str) -> Word | None:
    """What this channel said, if it was ever asked."""
    said = store.facts.get(_FACT + code)
    if not said:
        return None
    found = json.loads(said)
    return Word(**{**found, "at": datetime.fromisoformat(found["at"])})


def _keep(store: Store, code: str, answer: Account | CrisisError, now: datetime) -> None:
    said: dict[str, object] = {"at": now.isoformat()}
    before = word(store, code)
    if isinstance(answer, Account):
        said |= {"name": answer.name, "url": answer.url, "most": answer.most}
    else:
        said |= {"problem_de": answer.de, "problem_en": answer.en}
        if before is not None:  # its limits hold while it cannot be reached
            said |= {"name": before.name, "url": before.url, "most": before.most}
    with store.transaction():
        store.facts.set(_FACT + code, json.dumps(said))
