"""Words that say about the same: "verseucht" and "vergiftet", "dam" and "Damm". Our own list.

Turns the list that comes with the program (``thesaurus.txt``, read by ``lexicon``) into terms. Weighs
nothing: ``features`` says what kin words are worth. Words of other languages have no kin.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from crisis.matching.lexicon import KIN_LANGUAGES, kin_words
from crisis.matching.text import words


@lru_cache(maxsize=8)
def kin_of(lang: str) -> Mapping[str, tuple[int, ...]]:
    """Return term (as ``text`` makes them in ``lang``) -> numbers of the groups it belongs to.

    The numbers are the same in both languages; {} for a language that is not listed.
    """
    if lang not in KIN_LANGUAGES:
        return {}
    reader = words(lang)
    column = KIN_LANGUAGES.index(lang)
    found: dict[str, dict[int, None]] = {}
    for number, group in enumerate(kin_words()):
        for word in group[column]:
            found.setdefault(reader.stem(word), {})[number] = None
    return {term: tuple(numbers) for term, numbers in found.items()}
