"""The file of a learned model: the shipped one's with other weights, and where they come from.

Writes and reads text only; where it is kept is the store's business. What a damaged or outdated one
means for the desk is said in ``workflows.learn``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files

from crisis.errors import ModelError
from crisis.matching.scorer import Model, read_model

LIMITS = {
    "de": "Aus Urteilen dieses Arbeitsplatzes über Beiträge, die das Modell gezeigt hat: Was es nicht"
    " zeigt, kann es so nicht lernen. Es gewichtet nur neu, was das mitgelieferte Modell misst. Wer nur"
    " über wenige Gerüchte urteilt, lehrt wenig über andere.",
    "en": "From verdicts of this desk on posts the model had shown: what it does not show it cannot"
    " learn this way. It only weighs anew what the shipped model measures. Whoever judges few rumours"
    " only teaches little about others.",
}


def write(model: Model, version: str, card: Mapping[str, object]) -> str:
    """Return the file of ``model``, which was fitted from the shipped one, as ``version``.

    ``card`` says in plain values what it was learned from; whatever else the shipped file holds stays.
    """
    name = "model_meaning.json" if model.lens else "model.json"
    raw = json.loads(files("crisis.matching").joinpath(name).read_text(encoding="utf-8"))
    parent = raw["version"]
    raw |= {
        "version": version,
        "parent": parent,
        "card": dict(card),
        "judge": [round(float(x), 6) for x in model.judge],
        "intercept": round(model.intercept, 6),
        "bands": [
            {
                "rumours": band.rumours,
                "raise": band.raise_at,
                "suggest": band.suggest_at,
                "floor": band.floor,
            }
            for band in model.bands
        ],
    }
    text = json.dumps(raw, ensure_ascii=False, indent=1) + "\n"
    read_model(text)
    return text


def digest(text: str) -> str:
    """SHA-256 of a file, in hex: a single changed number shows."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str, sha256: str, shipped: Model) -> Model:
    """Read a learned model. Raises ModelError for a damaged one, and for one of another program version."""
    if digest(text) != sha256:
        raise ModelError(
            "Das gelernte Modell ist beschädigt: Es ist nicht mehr, was gespeichert wurde."
            " „crisis models back“ nimmt das davor, „crisis models learn“ lernt ein neues.",
            "The learned model is damaged: it is no longer what was stored."
            " “crisis models back” takes the one before, “crisis models learn” learns a new one.",
        )
    model = read_model(text)
    parent = json.loads(text).get("parent")
    if parent != shipped.version or model.features != shipped.features:
        raise ModelError(
            f"Das gelernte Modell {model.version} gehört zum mitgelieferten Modell {parent}; dieses"
            f" Programm hat {shipped.version}. „crisis models learn“ lernt aus den Urteilen ein neues.",
            f"The learned model {model.version} belongs to the shipped model {parent}; this program"
            f" has {shipped.version}. “crisis models learn” learns a new one from the verdicts.",
        )
    return model
