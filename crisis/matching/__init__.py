"""DOES THIS POST CARRY A RUMOUR WE KNOW: text, screen, features, scorer, bands, stance, reasons.

    index = Index.build(rumours, today=date(2026, 11, 23))
    for matches in index.match(["Leute, trinkt bloß kein Leitungswasser mehr!"], ["de"]):
        ...

``text`` reads words, ``rarity`` and ``weights`` say what a word is worth, ``screen`` finds
candidates, ``features`` describes a pair, ``scorer`` judges it, ``stance`` says on whose side the
post is, ``bands`` what the score is good for, ``reasons`` why. Does not know incidents, store or
clock: what a match means is decided in ``incidents``. Loads numpy when an index is built.
"""

from crisis.matching.bands import Bands
from crisis.matching.index import Index
from crisis.matching.lens import Encoder
from crisis.matching.reasons import say
from crisis.matching.scorer import Model, read_model, shipped_model

__all__ = ["Bands", "Encoder", "Index", "Model", "read_model", "say", "shipped_model"]
