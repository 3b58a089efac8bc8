"""The words of an answer beside those that were approved: which text this is, and where it left them.

Rules only. What goes into blanks is no wording: see ``blanks``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from crisis.errors import InvalidInputError, NotAllowedError
from crisis.responses.holding import first_statement, is_first_statement
from crisis.responses.limits import CHANNELS
from crisis.types import Playbook, Response

MOST_CHARACTERS = 20_000  # of one channel's text
TITLE = "title"  # beside the channels' codes


def fingerprint(response: Response) -> str:
    """The hash of all that the public will read, so that a release is of exactly what was handed in."""
    said: list[object] = [
        response.title,
        dict(response.values),
        dict(response.texts),
        response.change_note,
        response.claim,
        response.finding.value if response.finding else "",
    ]
    if response.pictures:
        said.append([[one.sha256, one.alt, one.source] for one in response.pictures])
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def approved_words(response: Response, playbook: Playbook) -> dict[str, str]:
    """Headline (as TITLE) and texts as they were approved, blanks open."""
    if is_first_statement(response, playbook):
        title, texts = first_statement(playbook)
    else:
        title, texts = playbook.title, playbook.answers
    return {TITLE: title, **texts}


def deviations(response: Response, playbook: Playbook) -> dict[str, tuple[str, str]]:
    """Where the answer's words are not those that were approved: what -> (approved, now).

    A channel that was left out says nothing in public, and so is no deviation.
    """
    approved = approved_words(response, playbook)
    now = {TITLE: response.title, **response.texts}
    return {
        what: (approved.get(what, ""), text)
        for what, text in now.items()
        if " ".join(text.split()) != " ".join(approved.get(what, "").split())
    }


def as_approved(response: Response, playbook: Playbook) -> None:
    """Return if every word is one that was approved.

    Raises NotAllowedError: for one person alone, new words are too much.
    """
    if deviations(response, playbook):
        raise NotAllowedError(
            "Überschrift oder Wortlaut weichen vom freigegebenen Text ab. Allein geht nur hinaus, was"
            " vorab freigegeben wurde; stellen Sie den freigegebenen Wortlaut wieder her.",
            "Headline or wording differ from the approved text. Alone, only what was approved"
            " beforehand goes out; restore the approved wording.",
        )


def checked(texts: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """New texts as they are kept; those left empty are not for their channel any more.

    ``known``: those there may be. Raises InvalidInputError for an unknown channel, too much text, or none.
    """
    unknown = sorted(set(texts) - set(known))
    if unknown:
        names = ", ".join(unknown)
        raise InvalidInputError(f"Unbekannter Kanal: {names}.", f"Unknown channel: {names}.")
    kept = {
        code: text.replace("\r\n", "\n").replace("\r", "\n").strip() for code, text in texts.items()
    }
    for code, text in kept.items():
        if len(text) > MOST_CHARACTERS:
            channel = CHANNELS.get(code)
            de, en = (channel.de, channel.en) if channel else (code, code)
            raise InvalidInputError(
                f"{de}: höchstens {MOST_CHARACTERS} Zeichen.",
                f"{en}: at most {MOST_CHARACTERS} characters.",
            )
    kept = {code: text for code, text in kept.items() if text}
    if not kept:
        raise InvalidInputError(
            "Ein Kanal braucht mindestens einen Text.", "At least one channel needs a text."
        )
    return kept
