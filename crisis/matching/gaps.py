"""What a post leaves out of a short rumour. Of three words, two in common are only the same subject.

"The drinking water in Musterstadt is delicious" shares two weighty words of three with "the drinking
water in Musterstadt is poisoned". Longer phrasings say the same with more words and are left to the
``scorer``. Decides nothing: see ``bands``.
"""

from __future__ import annotations

from crisis.matching.rarity import grams_of
from crisis.matching.reading import Reading
from crisis.matching.text import words
from crisis.matching.thesaurus import kin_of

SHORT_PHRASING = 4
"""Content words up to which a phrasing is short: one of its sentences must be said in full."""

_WEIGHTY = 6.0  # weight from which a word must not be missing: verbs such as "take" or "stay" may
_ALIKE = 0.6  # share of a word's groups of letters from which a post is taken to spell it otherwise


def gap(post: Reading, phrasing: Reading) -> str:
    """Return the weightiest word that the post does not say, as the phrasing writes it.

    "" where nothing is left out: of one sentence (a title is one, too) every weighty word, its kin
    (``thesaurus``) or a like spelling is there, or the phrasing is longer than ``SHORT_PHRASING``
    content words.
    """
    if len(set(phrasing.content)) > SHORT_PHRASING:
        return ""
    missing: list[str] = []
    for sentence, _ in phrasing.sentences:
        wanted = [t for t, w in sentence.items() if w >= _WEIGHTY and t not in phrasing.parts]
        left_out = [term for term in wanted if not _is_said(post, phrasing, term)]
        if len(wanted) > 1 and not left_out:
            return ""
        missing += left_out
    if not missing:
        return ""
    weightiest = max(missing, key=lambda term: (phrasing.weights[term], term))
    return next(
        phrasing.text[token.start : token.end]
        for token in words(phrasing.lang).tokens(phrasing.text)
        if weightiest in token.terms
    )


def _is_said(post: Reading, phrasing: Reading, term: str) -> bool:
    if term in post.weights:
        return True
    if any(group in post.kin for group in kin_of(phrasing.lang).get(term, ())):
        return True
    grams = grams_of(term)
    return sum(gram in post.letters for gram in grams) >= _ALIKE * len(grams)
