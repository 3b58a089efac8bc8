"""Likeness of meaning: a post's vector beside those of the phrasings. Judges nothing: see ``scorer``.

Without an encoder there is no meaning and nothing here is used. How vectors are looked at is in
``lens``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisis.errors import ModelError
from crisis.matching.counts import Phrasing
from crisis.matching.lens import Encoder, Lens, lens_for, said_twice

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAREST = 30
"""Candidates a post gets by meaning alone, at most."""

ALIKE = 0.35
"""Likeness from which a phrasing is a candidate by meaning alone."""

_KNOWN = 64  # phrasings most alike that are remembered of a post
_CHUNK = 4_096  # phrasings encoded at a time
_BATCH = 16  # posts multiplied with the catalogue at a time: 6 MB at 100,000 phrasings


@dataclass(frozen=True, eq=False)
class Glimpse:
    """A post's meaning: its vector, and the phrasings most ``alike``, falling, with their likeness."""

    vector: NDArray[np.float32]
    alike: Sequence[tuple[int, float]]

    def nearest(self, limit: int = NEAREST, floor: float = ALIKE) -> list[int]:
        """Return up to ``limit`` phrasings of at least ``floor``, the most alike first."""
        return [row for row, like in self.alike[:limit] if like >= floor]


class Meanings:
    """The vectors of a catalogue's phrasings, ready to be compared with those of posts."""

    def __init__(
        self,
        encoder: Encoder,
        lens: Lens,
        phrasings: Sequence[Phrasing],
        known: Meanings | None = None,
    ) -> None:
        """Encode ``phrasings``, but for those that ``known`` has seen through the same lens."""
        import numpy as np

        self.encoder = encoder
        self.lens = lens
        self._rumours = [phrasing.rumour for phrasing in phrasings]
        self._texts = [phrasing.text for phrasing in phrasings]
        self._rows = np.zeros((len(phrasings), encoder.dimension), dtype=np.float32)
        before: dict[str, int] = {}
        if known is not None and known.lens is lens and known.encoder.name == encoder.name:
            before = {text: row for row, text in enumerate(known._texts)}
            old = [row for row, text in enumerate(self._texts) if text in before]
            self._rows[old] = known._rows[[before[self._texts[row]] for row in old]]
        new = [row for row, text in enumerate(self._texts) if text not in before]
        for start in range(0, len(new), _CHUNK):  # what is made on the way is let go again
            rows = new[start : start + _CHUNK]
            self._rows[rows] = lens.view(encoder.encode([self._texts[row] for row in rows]))

    def look(self, posts: Sequence[str]) -> list[Glimpse]:
        """Return the meaning of each post, compared with every phrasing."""
        found: list[Glimpse] = []
        for start in range(0, len(posts), _BATCH):
            seen = self.lens.view(self.encoder.encode(posts[start : start + _BATCH]))
            cosines = seen @ self._rows.T
            found += [self._glimpse(*both) for both in zip(seen, cosines, strict=True)]
        return found

    def _glimpse(self, vector: NDArray[np.float32], cosines: NDArray[np.float32]) -> Glimpse:
        import numpy as np

        rows = np.arange(len(cosines))
        if len(rows) > _KNOWN:
            rows = np.argpartition(-cosines, _KNOWN)[:_KNOWN]
        rows = rows[np.lexsort((rows, -cosines[rows]))]
        likeness = self.lens.likeness(cosines[rows])
        return Glimpse(vector, list(zip(rows.tolist(), likeness.tolist(), strict=True)))

    def describe(
        self, post: Glimpse, rows: Sequence[int], words: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the numbers of ``features.MEANING`` for a post's candidates: (len(rows), 4).

        ``words`` is the candidates' likeness in words (0 to 1). Likeness (0 unlike, 1 the same); its
        lead over the best phrasing of another rumour in the whole catalogue; 1 for the most alike
        rumour, 1/2 for the next and so on; likeness times that in words.
        """
        import numpy as np

        own = self.lens.likeness(self._rows[list(rows)] @ post.vector).astype(np.float64)
        best: dict[int, float] = {}
        for row, like in post.alike:
            best.setdefault(self._rumours[row], like)
        lead = np.empty(len(rows))
        place = np.empty(len(rows))
        for i, row in enumerate(rows):
            others = [like for rumour, like in best.items() if rumour != self._rumours[row]]
            lead[i] = own[i] - (others[0] if others else 0.0)
            place[i] = 1 / (1 + sum(like > own[i] for like in others))
        return np.column_stack([own, lead, place, np.clip(own, 0.0, None) * words])


def meanings_for(
    encoder: Encoder | None,
    lens: Lens | None,
    phrasings: Sequence[Phrasing],
    like: Meanings | None,
) -> Meanings | None:
    """Return the meanings of ``phrasings`` for a model that looks through ``lens``.

    None where the model knows words alone, whatever the encoder; ``ModelError`` where it needs an
    encoder and there is none. ``like`` are those of an earlier index.
    """
    if lens is None:
        return None
    if encoder is None:
        raise ModelError(
            "Dieses Modell vergleicht auch den Sinn und braucht ein Sprachmodell. Bitte nennen Sie "
            "eines oder nehmen Sie ein anderes Modell.",
            "This model compares meaning as well and needs an encoder. Please name one or take "
            "another model.",
        )
    if lens.encoder != encoder.name:
        known = like is not None and like.encoder.name == encoder.name
        lens = like.lens if like and known else lens_for(encoder, lens, said_twice())
    return Meanings(encoder, lens, phrasings, like)
