"""Any sentence encoder in a folder on disk: sentence-transformers' layout or an ONNX model. Never fetches.

Read: ``tokenizer.json``; ``modules.json`` and the pooling folder it names (without: the mean; for BGE
the first piece); ``config.json``; then ``model.safetensors`` of a BERT or XLM-RoBERTa model, or else
``model.onnx`` (also ``onnx/model.onnx``). PyTorch's own files are not read: they may run code. A folder with
``adapters.json`` is the packaged encoder with these adapters.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crisis.encoders import sentence
from crisis.encoders.bert import STEPS, Bert
from crisis.encoders.packaged import adapted_by
from crisis.encoders.sentence import SentenceEncoder
from crisis.encoders.vocabulary import read_pieces
from crisis.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ADAPTERS = "adapters.json"
Run = Callable[[Sequence[int]], "NDArray[np.float32]"]

_NAMES = dict(
    zip(
        STEPS,
        (
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
        ),
        strict=True,
    )
)
_ONNX = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_ROBERTAS = {"xlm-roberta", "roberta", "camembert"}  # count places from the padding's number + 1


def open_folder(path: Path) -> SentenceEncoder:
    """Return the encoder in ``path``; ``ModelError`` says what is missing or not understood."""
    _need("onnxruntime")
    if not path.is_dir():
        raise ModelError(
            f"Den Ordner {path} des Sprachmodells gibt es nicht. Bitte prüfen Sie die Einstellung "
            "„encoder“.",
            f"The language model's folder {path} does not exist. Please check the setting “encoder”.",
        )
    if (path / ADAPTERS).is_file():
        return adapted_by(path / ADAPTERS)
    try:
        return _open(path)
    except ModelError:
        raise
    except Exception as error:  # whatever a foreign file makes foreign libraries say
        raise _unusable(path, f"{type(error).__name__}: {error}") from error


def _open(path: Path) -> SentenceEncoder:
    import numpy as np

    config = _json(path / "config.json")
    pieces = read_pieces(path / "tokenizer.json")
    most = min(
        sentence.MOST_PIECES,
        int(
            _json(path / "sentence_bert_config.json").get("max_seq_length", sentence.MOST_PIECES)
            or sentence.MOST_PIECES
        ),
    )
    run = _run(path, config)
    pooling = _pooling(path, str(config.get("_name_or_path", "")))
    prefix = _prefix(path, str(config.get("_name_or_path", "")))
    tried = pooling(run(pieces("Test", most)))
    if tried.ndim != 1 or not np.isfinite(tried).all():
        raise _unusable(path, "no vector")
    return SentenceEncoder(
        f"{path.name}-{_fingerprint(path)}",
        len(tried),
        pieces,
        run,
        pooling=pooling,
        prefix=prefix,
        most=most,
    )


def _run(path: Path, config: dict[str, Any]) -> Run:
    """Return what turns pieces into vectors: our network for BERT's weights, or the ONNX file's."""
    if (path / "model.safetensors").is_file() and config.get("model_type") in {"bert"} | _ROBERTAS:
        from crisis.encoders.network import Network

        return Network(_bert(path / "model.safetensors", config)).run
    for name in _ONNX:
        if (path / name).is_file():
            return _onnx(path / name)
    raise _unusable(path, "model.safetensors (bert, xlm-roberta) / model.onnx")


def _bert(path: Path, config: dict[str, Any]) -> Bert:
    from crisis.encoders.safetensors import Tensors

    if config.get("hidden_act", "gelu") != "gelu":
        raise ValueError(f"hidden_act {config['hidden_act']}")
    tensors = Tensors(path)
    places = tensors.array("embeddings.position_embeddings.weight")
    if config["model_type"] in _ROBERTAS:
        places = places[int(config.get("pad_token_id", 1)) + 1 :]
    places += tensors.array("embeddings.token_type_embeddings.weight")[0]

    def weights(name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        return tensors.array(name + ".weight"), tensors.array(name + ".bias")

    return Bert(
        words=tensors.table("embeddings.word_embeddings.weight"),
        places=places,
        norm=weights("embeddings.LayerNorm"),
        layers=(
            {step: weights(f"encoder.layer.{number}.{name}") for step, name in _NAMES.items()}
            for number in range(int(config["num_hidden_layers"]))
        ),
        heads=int(config["num_attention_heads"]),
        epsilon=float(config.get("layer_norm_eps", 1e-12)),
    )


def _onnx(path: Path) -> Run:
    """Run an ONNX model as exporters write it: three inputs at most, the first output counts."""
    import numpy as np

    from crisis.encoders.network import session

    opened = session(str(path))
    known = {"input_ids": None, "attention_mask": 1, "token_type_ids": 0}
    wanted = [given.name for given in opened.get_inputs()]
    if not set(wanted) <= set(known):
        raise ValueError(f"inputs {wanted}")

    def run(pieces: Sequence[int]) -> NDArray[np.float32]:
        numbers = np.array([list(pieces)], dtype=np.int64)
        fixed = {
            name: np.full_like(numbers, value) for name, value in known.items() if value is not None
        }
        feed = {"input_ids": numbers, **fixed}
        out: NDArray[np.float32] = opened.run(None, {name: feed[name] for name in wanted})[0]
        # A whole sentence's vector (1, size) counts as a single piece's.
        return out[0].astype(np.float32) if out.ndim == 3 else out.astype(np.float32)

    return run


def _pooling(path: Path, origin: str) -> sentence.Pooling:
    for module in _json(path / "modules.json", []):
        kind = str(module.get("type", "")).rsplit(".", 1)[-1]
        if kind == "Pooling":
            how = _json(path / str(module.get("path", "")) / "config.json")
            if how.get("pooling_mode_cls_token"):
                return sentence.first
            return sentence.highest if how.get("pooling_mode_max_tokens") else sentence.mean
        if kind not in {"Transformer", "Normalize"}:
            raise _unusable(path, f"modules.json: {kind}")
    return sentence.first if "bge" in f"{path.name} {origin}".lower() else sentence.mean


def _prefix(path: Path, origin: str) -> str:
    """Return what is put before every text.

    What the folder names; else E5's "query: ". BGE wants an instruction only before short questions to
    long passages, and nothing where both sides are of one kind.
    """
    asked = _json(path / "config_sentence_transformers.json")
    chosen = asked.get("default_prompt_name")
    if chosen is not None:
        return str(asked["prompts"][chosen])
    name = f"{path.name} {origin}".lower()
    return "query: " if "e5-" in name and "instruct" not in name else ""


def _fingerprint(path: Path) -> str:
    """Return letters that change when the model does: sizes of its files and the start of its config."""
    told = sorted(
        f"{file.relative_to(path)} {file.stat().st_size}"
        for file in path.rglob("*")
        if file.is_file()
    )
    return blake2b("\n".join(told).encode(), digest_size=4).hexdigest()


def _json(path: Path, absent: Any = None) -> Any:
    if not path.is_file():
        return {} if absent is None else absent
    return json.loads(path.read_text(encoding="utf-8"))


def _need(part: str) -> None:
    from importlib.util import find_spec

    if find_spec(part) is None:
        raise ModelError(
            f"Für ein Sprachmodell fehlt das Paket {part}. Bitte richten Sie das Programm mit „make run“ "
            "ein, oder mit dem Zusatz „meaning“.",
            f"A language model needs the package {part}. Please set the program up with “make run”, "
            "or with the extra “meaning”.",
        )


def _unusable(path: Path, what: str) -> ModelError:
    return ModelError(
        f"Das Sprachmodell in {path} lässt sich nicht verwenden ({what}). Gebraucht werden "
        "tokenizer.json und ein BERT- oder XLM-RoBERTa-Modell als model.safetensors oder model.onnx.",
        f"The language model in {path} cannot be used ({what}). It needs tokenizer.json and a BERT or "
        "XLM-RoBERTa model as model.safetensors or model.onnx.",
    )
