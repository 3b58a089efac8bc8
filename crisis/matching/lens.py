"""How an encoder's vectors are looked at, so that likeness means the same whichever encoder it is.

Encoders put all texts into a narrow cone (e5-small: cosines from .75 to .95), each into another. So the
centre of everyday texts is taken away first; then a matrix learned from posts and their claims
(``focusing``) may turn towards what makes two texts the same claim; then cosines are said in units
of 0 for texts that have nothing to do with each other, 1 for two wordings of the same.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_DIGITS = 5  # of the centre in a model's file


class Encoder(Protocol):
    """Turns texts into vectors. Edges provide it (``crisis.encoders``)."""

    @property
    def name(self) -> str:
        """Which encoder this is; another name means other vectors."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers a vector has."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one row of unit length a text: shape (len(texts), dimension)."""
        ...


@dataclass(frozen=True, eq=False)
class Lens:
    """A way to look at the vectors of the encoder that is called ``encoder``.

    ``centre``: (d,), taken away. ``matrix``: (d, d), multiplied with, or None. ``unlike`` and ``same``:
    the mean cosine, after that, of texts that have nothing to do with each other, and of two that
    say the same.
    """

    encoder: str
    centre: NDArray[np.float32]
    matrix: NDArray[np.float32] | None
    unlike: float
    same: float

    def view(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, d) rows of unit length; texts without meaning (zeros) stay zeros."""
        import numpy as np

        moved = vectors - self.centre
        if self.matrix is not None:
            moved = moved @ self.matrix
        moved[~vectors.any(axis=1)] = 0.0
        lengths = np.linalg.norm(moved, axis=1, keepdims=True)
        found: NDArray[np.float32] = (moved / np.maximum(lengths, 1e-9)).astype(np.float32)
        return found

    def likeness(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Say cosines of ``view`` in units: 0 nothing to do with each other, 1 the same."""
        found: NDArray[np.float32] = (cosines - self.unlike) / (self.same - self.unlike)
        return found


class View(NamedTuple):
    """An encoder, and the lens that its vectors are looked at through."""

    encoder: Encoder
    lens: Lens


Sight = tuple[View, ...]
"""Views for learning, one at least. Number n looks at the posts of fold n (``pairs.fold``), and neither its
encoder nor its lens may have learned from these: what has been seen before looks too much alike."""


def measured(
    encoder: Encoder,
    said_twice: Sequence[tuple[str, str]],
    centre: NDArray[np.float32] | None = None,
    matrix: NDArray[np.float32] | None = None,
) -> Lens:
    """Measure an encoder with pairs of texts that say the same; their mean is the centre unless given."""
    import numpy as np

    vectors = encoder.encode([text for pair in said_twice for text in pair])
    if centre is None:
        centre = vectors.mean(axis=0)
    seen = Lens(encoder.name, centre, matrix, 0.0, 1.0).view(vectors)
    cosines = seen[0::2] @ seen[1::2].T
    same = float(np.diag(cosines).mean())
    others = cosines[~np.eye(len(cosines), dtype=bool)]
    unlike = float(others.mean()) if others.size else 0.0
    return Lens(encoder.name, centre, matrix, unlike, max(same, unlike + 1e-3))


def lens_for(encoder: Encoder, known: Lens | None, said_twice: Sequence[tuple[str, str]]) -> Lens:
    """Return the lens that was learned for this encoder, or for any other a measured one."""
    if known is not None and known.encoder == encoder.name:
        return known
    return measured(encoder, said_twice)


@lru_cache(maxsize=1)
def said_twice() -> tuple[tuple[str, str], ...]:
    """Return pairs of texts that say the same, from our own example lessons."""
    text = files("crisis").joinpath("examples/lessons.jsonl").read_text(encoding="utf-8")
    lessons = [json.loads(line) for line in text.splitlines()]
    return tuple((lesson["text"], post) for lesson in lessons for post in lesson["posts"][:1])


def as_fields(lens: Lens) -> dict[str, Any]:
    """Return what stands in a model's file; the matrix in eight bits with a scale for each column."""
    import numpy as np

    fields: dict[str, Any] = {
        "encoder": lens.encoder,
        "unlike": round(lens.unlike, _DIGITS),
        "same": round(lens.same, _DIGITS),
        "centre": [round(float(x), _DIGITS) for x in lens.centre],
    }
    if lens.matrix is not None:
        scales = np.maximum(np.abs(lens.matrix).max(axis=0) / 127, 1e-9)
        eight = np.round(lens.matrix / scales).astype(np.int8)
        fields["scales"] = [float(f"{x:.6g}") for x in scales]
        fields["matrix"] = base64.b64encode(eight.tobytes()).decode()
    return fields


def of_fields(raw: Mapping[str, Any]) -> Lens:
    """Read what ``as_fields`` wrote; ``KeyError``, ``TypeError`` or ``ValueError`` if it is damaged."""
    import numpy as np

    centre = np.array([float(x) for x in raw["centre"]], dtype=np.float32)
    matrix = None
    if "matrix" in raw:
        scales = np.array([float(x) for x in raw["scales"]], dtype=np.float32)
        if not np.isfinite(scales).all():
            raise ValueError("scales")
        eight = np.frombuffer(base64.b64decode(raw["matrix"], validate=True), dtype=np.int8)
        matrix = eight.reshape(len(centre), len(scales)).astype(np.float32) * scales
    unlike, same = float(raw["unlike"]), float(raw["same"])
    if not (np.isfinite(centre).all() and -1 <= unlike < same <= 1):
        raise ValueError("unlike, same")
    return Lens(str(raw["encoder"]), centre, matrix, unlike, same)
