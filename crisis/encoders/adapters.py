"""Low-rank adapters: what an encoder learned about posts and claims, as small numbers added to its weights.

LoRA (Hu et al., 2022): a matrix W of a layer becomes W + up @ down, where ``up`` (out, rank) and ``down``
(rank, in) are thin. The file is JSON: names, and numbers of eight bits in base64 with a scale for each of
the ranks. Learns nothing (``benchmarks/encoder_tuning.py``) and runs nothing (``network``).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisis.encoders.bert import STEPS, Bert, Weights
from crisis.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 1
ADAPTED = tuple(step for step in STEPS if not step.endswith("norm"))
"""The steps of a layer that are products with a matrix."""

Thin = tuple["NDArray[np.float32]", "NDArray[np.float32]"]
"""``up`` (out, rank) and ``down`` (rank, in)."""


@dataclass(frozen=True, eq=False)
class Adapters:
    """What is added to the encoder ``base``: for layer (from 0) and step, two thin matrices.

    ``card`` says in plain values what they learned from, and when. ``digest`` is of the numbers: other
    numbers mean other vectors. ``parts``: they are the mean of so many that each learned from a part of the
    posts; the ranks of the first come first.
    """

    base: str
    steps: Mapping[tuple[int, str], Thin]
    digest: str = ""
    card: Mapping[str, Any] = field(default_factory=dict)
    parts: int = 1

    @property
    def name(self) -> str:
        """The name of the encoder they make of the base."""
        return f"{self.base}+{self.digest[:8]}"


def adapted(bert: Bert, adapters: Adapters) -> Bert:
    """Return ``bert`` with the adapters in its weights; ``ModelError`` where their shapes do not fit."""
    return replace(bert, layers=_layers(bert, adapters))


def mean(parts: Sequence[Adapters], card: Mapping[str, Any]) -> Adapters:
    """Return adapters that add the mean of what ``parts`` add; their ranks add up."""
    import numpy as np

    steps = {
        place: (
            np.hstack([part.steps[place][0] / np.float32(len(parts)) for part in parts]),
            np.vstack([part.steps[place][1] for part in parts]),
        )
        for place in parts[0].steps
    }
    return Adapters(parts[0].base, steps, card=card, parts=len(parts))


def apart(whole: Adapters) -> list[Adapters]:
    """Return those that ``whole`` is the mean of, in their order; each has a name of its own."""
    found = []
    for number in range(whole.parts):
        steps = {}
        for place, (up, down) in whole.steps.items():
            rank = len(down) // whole.parts
            own = slice(number * rank, (number + 1) * rank)
            steps[place] = whole.parts * up[:, own], down[own]
        digest = hashlib.sha256(f"{whole.digest} {number}".encode()).hexdigest()
        found.append(replace(whole, steps=steps, digest=digest, parts=1))
    return found


def _layers(bert: Bert, adapters: Adapters) -> Iterator[Mapping[str, Weights]]:
    left = set(adapters.steps)
    for number, layer in enumerate(bert.layers):
        made = dict(layer)
        for step in ADAPTED:
            if (number, step) in left:
                left.remove((number, step))
                up, down = adapters.steps[number, step]
                matrix, bias = layer[step]
                if matrix.shape != (len(up), down.shape[1]):
                    raise _damaged(f"{number}.{step}")
                made[step] = matrix + up @ down, bias
        yield made
    if left:
        raise _damaged(", ".join(f"{number}.{step}" for number, step in sorted(left)))


def read(path: Path) -> Adapters:
    """Read a file that ``text`` wrote; ``ModelError`` if it is missing, damaged or of another version."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise ValueError(f"format {raw['format']}")
        steps = {_place(name): _thin(fields) for name, fields in raw["steps"].items()}
        parts = int(raw["parts"])
        if parts < 1 or any(len(down) % parts for _, down in steps.values()):
            raise ValueError(f"parts {parts}")
        found = Adapters(str(raw["base"]), steps, str(raw["digest"]), dict(raw["card"]), parts)
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(f"{type(error).__name__}: {error}") from error
    if _digest(raw["steps"]) != found.digest:
        raise _damaged("digest")
    return found


def text(adapters: Adapters) -> str:
    """Return what stands in the file, with the digest of its numbers."""
    steps = {
        f"{number}.{step}": {"up": _packed(up.T), "down": _packed(down)}
        for (number, step), (up, down) in sorted(adapters.steps.items())
    }
    raw = {
        "format": FORMAT,
        "base": adapters.base,
        "card": dict(adapters.card),
        "parts": adapters.parts,
        "digest": _digest(steps),
        "steps": steps,
    }
    return json.dumps(raw, ensure_ascii=False, indent=1) + "\n"


def _digest(steps: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(steps, sort_keys=True).encode()).hexdigest()


def _place(name: str) -> tuple[int, str]:
    number, _, step = name.partition(".")
    if step not in ADAPTED:
        raise ValueError(name)
    return int(number), step


def _packed(rows: NDArray[np.float32]) -> dict[str, Any]:
    """Say a thin matrix (rank, n) in eight bits, with a scale for each row."""
    import numpy as np

    scales = np.maximum(np.abs(rows).max(axis=1) / 127, 1e-12)
    scales = np.array([float(f"{x:.6g}") for x in scales])
    eight = np.clip(np.round(rows / scales[:, None]), -127, 127).astype(np.int8)
    return {"scales": scales.tolist(), "numbers": base64.b64encode(eight.tobytes()).decode()}


def _thin(fields: Mapping[str, Any]) -> Thin:
    up, down = _unpacked(fields["up"]), _unpacked(fields["down"])
    if len(up) != len(down):
        raise ValueError("rank")
    return up.T, down


def _unpacked(fields: Mapping[str, Any]) -> NDArray[np.float32]:
    import numpy as np

    scales = np.array([float(x) for x in fields["scales"]], dtype=np.float32)
    if not len(scales) or not np.isfinite(scales).all():
        raise ValueError("scales")
    eight = np.frombuffer(base64.b64decode(fields["numbers"], validate=True), dtype=np.int8)
    found: NDArray[np.float32] = eight.reshape(len(scales), -1).astype(np.float32) * scales[:, None]
    return found


def _damaged(why: str) -> ModelError:
    return ModelError(
        f"Was das Sprachmodell über Beiträge und Behauptungen gelernt hat, ist beschädigt ({why}). "
        "Bitte richten Sie das Programm neu ein.",
        f"What the language model learned about posts and claims is damaged ({why}). Please set the "
        "program up again.",
    )
