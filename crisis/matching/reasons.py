"""The reasons of a score in words a press officer understands, German and English.

``explain`` gathers the parts of a score into a few reasons; ``say`` words one of them. Computes no
score itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crisis.types import Reason

GROUPS: Mapping[str, tuple[str, ...]] = {
    "words": ("words", "covered", "shared_weight", "shared_terms", "strongest", "second", "third",
              "post_covered", "claim_covered"),
    "meaning": ("meaning", "meaning_lead", "meaning_place", "meaning_words"),
    "kin": ("kin_covered", "kin_weight", "soft_covered"),
    "together": ("neighbours", "window", "sentence", "sentence_covered"),
    "letters": ("letters", "letters_covered", "fuzzy_set", "fuzzy_part", "parts",
                "parts_covered"),
    "names": ("rare_covered", "rare_missing"),
    "numbers": ("numbers_agree", "numbers_differ", "numbers_missing"),
    "occasion": ("everyday", "other_cause"),
    "lead": ("lead", "lead_letters", "first", "place", "rivals", "lead_soft", "crowd",
             "catalogue", "order_lead"),
    "length": ("post_length", "rumour_length"),
    "language": ("same_language",),
}  # fmt: skip
"""Code of a reason -> the features whose parts it sums up."""

_SENTENCES: Mapping[str, tuple[str, str, str, str]] = {
    # code: (de for, de against, en for, en against)
    "words": (
        "Wichtige Wörter des Gerüchts kommen vor{words}.",
        "Nur wenige Wörter des Gerüchts kommen vor{words}.",
        "Important words of the rumour occur{words}.",
        "Few words of the rumour occur{words}.",
    ),
    "kin": (
        "Andere Wörter des Beitrags sagen dasselbe wie das Gerücht.",
        "Auch in anderen Worten sagt der Beitrag kaum, was das Gerücht sagt.",
        "Other words of the post say the same as the rumour.",
        "Not in other words either does the post say what the rumour says.",
    ),
    "meaning": (
        "Der Beitrag sagt dem Sinn nach dasselbe wie das Gerücht.",
        "Dem Sinn nach sagt der Beitrag etwas anderes als das Gerücht.",
        "In meaning the post says the same as the rumour.",
        "In meaning the post says something else than the rumour.",
    ),
    "together": (
        "Die gemeinsamen Wörter stehen nah beieinander.",
        "Die gemeinsamen Wörter stehen weit auseinander.",
        "The shared words stand close together.",
        "The shared words stand far apart.",
    ),
    "letters": (
        "Auch Schreibweisen und Wortteile ähneln dem Gerücht.",
        "Schreibweisen und Wortteile ähneln dem Gerücht kaum.",
        "Spellings and parts of words resemble the rumour, too.",
        "Spellings and parts of words hardly resemble the rumour.",
    ),
    "names": (
        "Namen und seltene Wörter des Gerüchts kommen vor{words}.",
        "Namen oder seltene Wörter des Gerüchts fehlen.",
        "Names and rare words of the rumour occur{words}.",
        "Names or rare words of the rumour are missing.",
    ),
    "numbers": (
        "Die Zahlen sprechen dafür{words}.",
        "Die Zahlen passen nicht zum Gerücht{words}.",
        "The numbers speak for it{words}.",
        "The numbers do not fit the rumour{words}.",
    ),
    "occasion": (
        "Der Anlass passt zum Gerücht.",
        "Der Beitrag nennt einen anderen oder einen alltäglichen Anlass.",
        "The occasion fits the rumour.",
        "The post names another or an everyday occasion.",
    ),
    "lead": (
        "Kein anderes Gerücht im Katalog passt so gut.",
        "Andere Gerüchte im Katalog passen ähnlich gut.",
        "No other rumour in the catalogue fits as well.",
        "Other rumours in the catalogue fit about as well.",
    ),
    "length": (
        "Die Länge des Beitrags macht einen Zufall unwahrscheinlich.",
        "Bei dieser Länge kann die Übereinstimmung Zufall sein.",
        "The length of the post makes chance unlikely.",
        "At this length the agreement may be chance.",
    ),
    "language": (
        "Beitrag und Gerücht sind in derselben Sprache.",
        "Beitrag und Gerücht sind in verschiedenen Sprachen.",
        "Post and rumour are in the same language.",
        "Post and rumour are in different languages.",
    ),
    "corrects": (
        "Der Beitrag widerspricht dem Gerücht oder stellt es richtig: Er löst keine Meldung aus.",
        "Der Beitrag widerspricht dem Gerücht oder stellt es richtig: Er löst keine Meldung aus.",
        "The post contradicts or corrects the rumour: it raises nothing.",
        "The post contradicts or corrects the rumour: it raises nothing.",
    ),
    "asks": (
        "Der Beitrag fragt, ob es stimmt.",
        "Der Beitrag fragt, ob es stimmt.",
        "The post asks whether it is true.",
        "The post asks whether it is true.",
    ),
    "short": (
        "Der Beitrag ist sehr kurz: Er wird nur vorgeschlagen.",
        "Der Beitrag ist sehr kurz: Er wird nur vorgeschlagen.",
        "The post is very short: it is only suggested.",
        "The post is very short: it is only suggested.",
    ),
    "gap": (
        "Ein Wort des kurzen Gerüchts fehlt im Beitrag{words}. Er wird nur vorgeschlagen.",
        "Ein Wort des kurzen Gerüchts fehlt im Beitrag{words}. Er wird nur vorgeschlagen.",
        "A word of the short rumour is missing from the post{words}. It is only suggested.",
        "A word of the short rumour is missing from the post{words}. It is only suggested.",
    ),
    "opinion": (
        "Der Beitrag sagt nur, was jemand meint, und behauptet nichts: Er zählt nicht als Treffer.",
        "Der Beitrag sagt nur, was jemand meint, und behauptet nichts: Er zählt nicht als Treffer.",
        "The post says only what somebody thinks and claims nothing: it is no match.",
        "The post says only what somebody thinks and claims nothing: it is no match.",
    ),
    "expired": (
        "Das Gerücht ist abgelaufen: Es wird nur vorgeschlagen.",
        "Das Gerücht ist abgelaufen: Es wird nur vorgeschlagen.",
        "The rumour is past its date: it is only suggested.",
        "The rumour is past its date: it is only suggested.",
    ),
}
CODES = tuple(_SENTENCES)
"""Every code ``say`` knows."""


def say(reason: Reason, lang: str) -> str:
    """Return the reason as one sentence, German where ``lang`` is "de", otherwise English.

    An unknown code (of a newer model) is shown as it is.
    """
    sentences = _SENTENCES.get(reason.code)
    if sentences is None:
        return reason.code
    german = lang.startswith("de")
    sentence = sentences[(0 if german else 2) + (reason.weight < 0)]
    quoted = ", ".join(f"„{w}“" if german else f"“{w}”" for w in reason.words[:6])
    return sentence.format(words=f": {quoted}" if quoted else "")


def explain(
    parts: Mapping[str, float],
    values: Mapping[str, float],
    *,
    words: Sequence[str],
    names: Sequence[str],
    numbers: Sequence[str],
    notes: Sequence[str] = (),
    left_out: str = "",
) -> tuple[Reason, ...]:
    """Gather a score's ``parts`` (feature -> part of the log-odds) into reasons, weightiest first.

    ``values`` are the features themselves; ``words``, ``names`` and ``numbers`` what agrees, as it
    stands in the post; ``notes`` are codes of what caps the band, put first; ``left_out`` the word of "gap".
    """
    said = {"words": tuple(words), "names": tuple(names), "numbers": tuple(numbers)}
    found = []
    for code, features in GROUPS.items():
        weight = sum(parts.get(name, 0.0) for name in features)
        if abs(weight) < 0.05 or (code == "numbers" and not _has_numbers(values)):
            continue
        listed = said.get(code, ()) if weight > 0 or code == "numbers" else ()
        found.append(
            Reason(code=code, weight=weight, value=values.get(features[0], 0.0), words=listed)
        )
    found.sort(key=lambda reason: (-abs(reason.weight), reason.code))
    told = {"gap": (left_out,)} if left_out else {}
    return (*(Reason(code=n, weight=0.0, words=told.get(n, ())) for n in notes), *found)


def _has_numbers(values: Mapping[str, float]) -> bool:
    return any(values[name] for name in GROUPS["numbers"])
