"""A tiny encoder made on the spot, in every form that an edge reads: for tests only."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SIZE, INNER, LAYERS, HEADS = 64, 128, 2, 4
WORDS = (
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "wasser",
    "vergiftet",
    "brücke",
    "gesperrt",
    "query",
    ":",
)
_STEPS = {
    "attention.self.query": (SIZE, SIZE),
    "attention.self.key": (SIZE, SIZE),
    "attention.self.value": (SIZE, SIZE),
    "attention.output.dense": (SIZE, SIZE),
    "attention.output.LayerNorm": (SIZE,),
    "intermediate.dense": (INNER, SIZE),
    "output.dense": (SIZE, INNER),
    "output.LayerNorm": (SIZE,),
}
Arrays = dict[str, NDArray[np.float32]]


def arrays(places: int = 40) -> Arrays:
    """The weights, drawn once and for all, under sentence-transformers' names."""
    draw = np.random.default_rng(7)
    found: Arrays = {
        "embeddings.word_embeddings.weight": draw.normal(0, 1, (len(WORDS), SIZE)),
        "embeddings.position_embeddings.weight": draw.normal(0, 0.2, (places, SIZE)),
        "embeddings.token_type_embeddings.weight": draw.normal(0, 0.2, (1, SIZE)),
        "embeddings.LayerNorm.weight": np.ones(SIZE),
        "embeddings.LayerNorm.bias": np.zeros(SIZE),
    }
    for layer in range(LAYERS):
        for name, shape in _STEPS.items():
            weight = np.ones(shape) if "Norm" in name else draw.normal(0, 0.15, shape)
            found[f"encoder.layer.{layer}.{name}.weight"] = weight
            found[f"encoder.layer.{layer}.{name}.bias"] = draw.normal(0, 0.1, shape[:1])
    return {name: array.astype(np.float32) for name, array in found.items()}


def safetensors(path: Path, tensors: Arrays, form: str = "F32", before: str = "") -> None:
    """Write a safetensors file."""
    header, body = {}, b""
    for name, array in tensors.items():
        if form == "BF16":
            raw = (array.view(np.uint32) >> 16).astype("<u2").tobytes()
        else:
            raw = array.astype({"F32": "<f4", "F16": "<f2"}[form]).tobytes()
        header[before + name] = {
            "dtype": form,
            "shape": list(array.shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def tokenizer(path: Path) -> None:
    """Write a tokenizer.json that knows the words above."""
    model = {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "vocab": {w: i for i, w in enumerate(WORDS)},
    }
    path.write_text(
        json.dumps({"normalizer": {"lowercase": True, "strip_accents": False}, "model": model})
    )


def folder(
    path: Path, *, pooling: str = "mean", model_type: str = "bert", **config: object
) -> Path:
    """Write a whole folder as sentence-transformers does."""
    path.mkdir(parents=True)
    about = {
        "model_type": model_type,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "hidden_act": "gelu",
        "pad_token_id": 1,
        **config,
    }
    (path / "config.json").write_text(json.dumps(about))
    modules = [
        {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},
        {"idx": 1, "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
        {"idx": 2, "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
    ]
    (path / "modules.json").write_text(json.dumps(modules))
    (path / "1_Pooling").mkdir()
    how = {
        f"pooling_mode_{kind}": kind.startswith(pooling)
        for kind in ("cls_token", "mean_tokens", "max_tokens")
    }
    (path / "1_Pooling/config.json").write_text(json.dumps(how))
    tokenizer(path / "tokenizer.json")
    safetensors(path / "model.safetensors", arrays())
    return path


def by_hand(pieces: list[int], tensors: Arrays, skip: int = 0) -> NDArray[np.float64]:
    """What the layers make of ``pieces``, computed plainly in 64 bits (Devlin et al., 2019)."""
    from scipy.special import erf

    def step(name: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
        return x @ tensors[name + ".weight"].T.astype(float) + tensors[name + ".bias"]

    def norm(name: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
        middle, spread = x.mean(-1, keepdims=True), x.var(-1, keepdims=True)
        return (x - middle) / np.sqrt(spread + 1e-12) * tensors[name + ".weight"] + tensors[
            name + ".bias"
        ]

    places = tensors["embeddings.position_embeddings.weight"][skip : skip + len(pieces)]
    types = tensors["embeddings.token_type_embeddings.weight"][0]
    x = norm(
        "embeddings.LayerNorm",
        tensors["embeddings.word_embeddings.weight"][pieces] + places + types,
    )
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}."
        shape = (len(pieces), HEADS, SIZE // HEADS)
        q, k, v = (
            step(at + "attention.self." + name, x).reshape(shape)
            for name in ("query", "key", "value")
        )
        likes = np.einsum("ihd,jhd->hij", q, k) / np.sqrt(SIZE // HEADS)
        likes = np.exp(likes - likes.max(-1, keepdims=True))
        likes /= likes.sum(-1, keepdims=True)
        seen = np.einsum("hij,jhd->ihd", likes, v).reshape(len(pieces), SIZE)
        x = norm(at + "attention.output.LayerNorm", x + step(at + "attention.output.dense", seen))
        wide = step(at + "intermediate.dense", x)
        wide = wide * 0.5 * (1 + erf(wide / np.sqrt(2)))
        x = norm(at + "output.LayerNorm", x + step(at + "output.dense", wide))
    return x


def four_bits(path: Path, letters: dict[str, float]) -> None:
    """Write the packaged encoder's file format with the same weights, four bits each."""
    specials = {"<s>": 0.0, "<pad>": 0.0, "</s>": 0.0, "<unk>": 0.0}
    pieces = {**specials, **letters}
    blob = [piece.encode() for piece in pieces]
    starts = np.cumsum([0, *map(len, blob)]).astype("<u4")
    head = struct.pack("<7ifi", SIZE, LAYERS, HEADS, INNER, len(pieces), 40, 1, 1e-12, 32)
    words = struct.pack("<5iQ", len(pieces), 0, 2, 1, 3, sum(map(len, blob))) + starts.tobytes()
    words += np.array(list(pieces.values()), dtype="<f4").tobytes() + b"".join(blob)
    swapped = struct.pack("<IBI", ord("\t"), 1, ord(" ")) + struct.pack("<IB", 7, 0)
    words += struct.pack("<iI", 2, len(swapped)) + swapped
    tensors = arrays()
    draw = np.random.default_rng(3)
    named = {
        "emb.word": draw.normal(0, 1, (len(pieces), SIZE)).astype(np.float32),
        "emb.pos": tensors["embeddings.position_embeddings.weight"],
        "emb.type": tensors["embeddings.token_type_embeddings.weight"],
        "emb.ln.w": tensors["embeddings.LayerNorm.weight"],
        "emb.ln.b": tensors["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        for name, short in zip(
            _STEPS, ("q", "k", "v", "ao", "aln", "fi", "fo", "oln"), strict=True
        ):
            for part in ("weight", "bias"):
                named[f"l{layer}.{short}.{part[0]}"] = tensors[
                    f"encoder.layer.{layer}.{name}.{part}"
                ]
    bodies = [
        pack(a) if a.ndim == 2 and n not in {"emb.pos", "emb.type"} else a.tobytes()
        for n, a in named.items()
    ]
    start = 8 + len(head) + len(words) + 4 + sum(2 + len(n) + 21 for n in named)
    listed = struct.pack("<i", len(named))
    for (name, array), body in zip(named.items(), bodies, strict=True):
        listed += struct.pack("<H", len(name)) + name.encode()
        listed += struct.pack("<BIQQ", len(body) != array.nbytes, array.size, start, len(body))
        start += len(body)
    path.write_bytes(b"E5S1" + struct.pack("<I", 1) + head + words + listed + b"".join(bodies))


def pack(array: NDArray[np.float32]) -> bytes:
    """Blocks of 32 weights in four bits."""
    blocks = array.reshape(-1, 32)
    scale = (np.abs(blocks).max(axis=1) / 7).astype("<f2")
    codes = np.clip(np.round(blocks / scale[:, None].astype(np.float32)) + 8, 0, 15).astype(
        np.uint8
    )
    halves = codes[:, :16] | (codes[:, 16:] << 4)
    return np.hstack([scale[:, None].view(np.uint8).reshape(-1, 2), halves]).tobytes()
