"""Posts said otherwise, for ``encoder_tuning``: other case, misspelt, as spoken, names changed or left out.

Plain rules, written after a look at some twenty rewritten posts of ``en-edits``; English only. A post said
otherwise still carries its claim. What it denies it still denies: "not" may become "ain't", never nothing.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_SHORT = {
    "you": "u",
    "your": "ur",
    "to": "2",
    "for": "4",
    "are": "r",
    "and": "n",
    "before": "b4",
    "the": "da",
    "this": "dis",
    "that": "dat",
    "they": "dey",
    "them": "dem",
    "with": "wit",
    "because": "cuz",
    "people": "ppl",
    "please": "pls",
    "president": "prez",
    "about": "bout",
    "government": "govt",
    "is": "iz",
    "what": "wat",
    "have": "hv",
    "there": "dere",
}
_SOMEBODY = (
    *("the politician", "this leader", "that official", "a well-known figure", "someone"),
    *("the country", "that place", "the city", "a foreign state", "the head of state"),
    *("the company", "the group", "the organisation", "this person"),
)
_BEFORE = ("", "Yo, ", "Y'all, ", "Wah, ", "Man, ", "Dem say ")
_AFTER = ("", " lah", " sia", " fr", " abi?", " o", "")
# Words with a capital letter that do not begin a sentence, one after the other.
_NAME = re.compile(
    r"(?<![.!?#@\w] )(?<!^)(?<![#@\w/.])(?:[A-Z][a-z'’]+\.?)(?: (?:[A-Z][a-z'’]+|[A-Z]\.))*"
)


def names(posts: Sequence[str]) -> list[str]:
    """Return the names in ``posts``, as often as they occur."""
    return [found[0] for post in posts for found in _NAME.finditer(post) if len(found[0]) > 3]


def otherwise(post: str, draw: random.Random, others: Sequence[str]) -> str:
    """Say a post otherwise; ``others`` are names that may take the place of its own."""
    which = draw.random()
    if which < 0.45:
        return _renamed(post, draw, others)
    if which < 0.7:
        return _misspelt(post, draw)
    return _spoken(post, draw) if which < 0.88 else _cased(post, draw)


def _renamed(post: str, draw: random.Random, others: Sequence[str]) -> str:
    how = draw.random()

    def instead(found: re.Match[str]) -> str:
        if draw.random() > 0.7:
            return found[0]
        return draw.choice(others) if how < 0.4 else draw.choice(_SOMEBODY) if how < 0.85 else ""

    post = _NAME.sub(instead, post)
    post = re.sub(r"@\w+", lambda found: draw.choice(["", "@someone", found[0]]), post)
    if draw.random() < 0.4:  # the signature of a quoted post
        post = re.sub(r"\s[—–-]\s[^—–]{0,60}\(?@.*$", "", post)
    if draw.random() < 0.3:
        post = re.sub(r"#(\w+)", lambda found: draw.choice(["", found[0]]), post)
    return post


def _misspelt(post: str, draw: random.Random) -> str:
    share = draw.choice([0.15, 0.3, 0.5])
    words = []
    for word in post.split(" "):
        if word.startswith(("http", "@")):
            words.append(word)
        elif word.lower() in _SHORT and draw.random() < 0.6:
            words.append(_SHORT[word.lower()])
        elif draw.random() < share:
            words.append(re.sub(r"[A-Za-z]+", lambda found: _typo(found[0], draw), word))
        else:
            words.append(word)
    return " ".join(words)


def _typo(word: str, draw: random.Random) -> str:
    if len(word) < 4:
        return word
    which, at = draw.random(), draw.randrange(1, len(word) - 1)
    if which < 0.25:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if which < 0.5:
        return word[:at] + word[at + 1 :]
    if which < 0.6:
        return word[:at] + word[at] + word[at:]
    if which < 0.75:
        return word[:at] + draw.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :]
    return word[0] + re.sub("[aeiou]", "", word[1:-1]) + word[-1]


def _spoken(post: str, draw: random.Random) -> str:
    def softer(found: re.Match[str]) -> str:
        return ("D" if found[1] == "T" else "d") if draw.random() < 0.7 else found[0]

    post = re.sub(r"\b([Tt])h(?=[a-z])", softer, post)
    post = re.sub(r"(?<=[a-z]{2})ing\b", lambda _: draw.choice(["in'", "in", "ing"]), post)
    for pattern, share in ((r"\b(is|are|was|were) ", 0.4), (r"(?<=[a-z])(ed|s)\b", 0.25)):
        post = re.sub(
            pattern, lambda found, share=share: "" if draw.random() < share else found[0], post
        )
    post = re.sub(r"\bnot\b", "no" if draw.random() < 0.5 else "ain't", post)
    return draw.choice(_BEFORE) + post + draw.choice(_AFTER)


def _cased(post: str, draw: random.Random) -> str:
    which = draw.randrange(4)
    if which == 3:
        return "".join(c.upper() if draw.random() < 0.5 else c.lower() for c in post)
    return (post.upper(), post.lower(), post.title())[which]
