"""The upper layers of the packaged encoder in PyTorch, with low-rank adapters that can learn; and back.

For ``encoder_tuning`` only: the program itself never needs PyTorch. What the lower layers make of a text
does not change while the upper ones learn; ``Lower`` computes it once, in eight bits, as in use.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from crisis.encoders.adapters import ADAPTED, Adapters
from crisis.encoders.bert import Bert
from crisis.encoders.network import as_onnx, session
from crisis.encoders.packaged import NAME, PREFIX
from crisis.encoders.pieces import Unigrams, readable

STRENGTH = 2.0  # what up @ down is multiplied with while it learns
CHUNK = 16  # texts of about one length that go through the layers at a time


class Lower:
    """What the layers below the first that learns make of texts: one array (pieces, size) a text."""

    def __init__(self, bert: Bert, pieces: Unigrams, layers: int) -> None:
        below = [layer for number, layer in enumerate(bert.layers) if number < layers]
        self._bert, self._pieces = bert, pieces
        self._session = session(as_onnx(Bert(**{**vars(bert), "layers": below})))

    def __call__(self, text: str, most: int) -> np.ndarray:
        """Return the states of at most ``most`` pieces, in 16 bits."""
        found = self._pieces(PREFIX + (readable(text) or "."), most)
        start = self._bert.words.rows(found) + self._bert.places[: len(found)]
        return self._session.run(None, {"start": start[None]})[0][0].astype(np.float16)


class Product(torch.nn.Module):
    """A matrix that stays, and two thin ones that learn; at the beginning they add nothing."""

    def __init__(
        self, weight: np.ndarray, bias: np.ndarray, rank: int, draw: torch.Generator
    ) -> None:
        super().__init__()
        out, into = weight.shape
        self.register_buffer("weight", torch.tensor(np.array(weight)))
        self.register_buffer("bias", torch.tensor(np.array(bias)))
        self.down = torch.nn.Parameter(torch.randn(rank, into, generator=draw) / math.sqrt(into))
        self.up = torch.nn.Parameter(torch.zeros(out, rank))

    def forward(self, flow: torch.Tensor) -> torch.Tensor:
        """Multiply."""
        thin = functional.linear(functional.linear(flow, self.down), self.up)
        return functional.linear(flow, self.weight, self.bias) + STRENGTH * thin


class Layer(torch.nn.Module):
    """One layer, as ``crisis.encoders.network`` writes it."""

    def __init__(self, layer: dict, heads: int, epsilon: float, rank: int, draw: torch.Generator):
        super().__init__()
        self.steps = torch.nn.ModuleDict({n: Product(*layer[n], rank, draw) for n in ADAPTED})
        self.norms = {
            n: [torch.tensor(np.array(x)) for x in layer[n]] for n in ("mix_norm", "narrow_norm")
        }
        self.heads, self.epsilon = heads, epsilon

    def forward(self, flow: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Attention, then two products, each with its way around."""
        count, longest, size = flow.shape
        parts = (count, longest, self.heads, size // self.heads)
        three = [self.steps[n](flow).view(parts).transpose(1, 2) for n in ADAPTED[:3]]
        seen = functional.scaled_dot_product_attention(*three, attn_mask=there)
        mixed = self.steps["mix"](seen.transpose(1, 2).reshape(flow.shape))
        flow = functional.layer_norm(flow + mixed, (size,), *self.norms["mix_norm"], self.epsilon)
        wide = functional.gelu(self.steps["wide"](flow))
        narrow = self.steps["narrow"](wide)
        return functional.layer_norm(
            flow + narrow, (size,), *self.norms["narrow_norm"], self.epsilon
        )


class Upper(torch.nn.Module):
    """The layers from ``first`` on, and the mean over a text's pieces."""

    def __init__(self, bert: Bert, first: int, rank: int, seed: int) -> None:
        super().__init__()
        draw = torch.Generator().manual_seed(seed)
        self.first = first
        self.layers = torch.nn.ModuleList(
            Layer(dict(layer), bert.heads, float(bert.epsilon), rank, draw)
            for number, layer in enumerate(bert.layers)
            if number >= first
        )

    def forward(self, states: Sequence[np.ndarray]) -> torch.Tensor:
        """Return one row of unit length a text: (len(states), size)."""
        order = np.argsort([len(state) for state in states], kind="stable")
        made = [
            self._some([states[i] for i in order[start : start + CHUNK]])
            for start in range(0, len(order), CHUNK)
        ]
        back = np.empty(len(order), dtype=np.int64)
        back[order] = np.arange(len(order))
        return torch.cat(made)[torch.from_numpy(back)]

    def _some(self, states: Sequence[np.ndarray]) -> torch.Tensor:
        lengths = torch.tensor([len(state) for state in states])
        flow = torch.zeros(len(states), int(lengths.max()), states[0].shape[1])
        for row, state in enumerate(states):
            flow[row, : len(state)] = torch.from_numpy(state.astype(np.float32))
        there = torch.arange(flow.shape[1])[None] < lengths[:, None]
        for layer in self.layers:
            flow = layer(flow, there[:, None, None, :])
        mean = (flow * there[..., None]).sum(1) / lengths[:, None]
        return functional.normalize(mean, dim=-1)

    def adapters(self, card: dict[str, object], share: float = 1.0) -> Adapters:
        """Return what was learned, ``share`` of it (1: all), for ``crisis.encoders.adapters.text``."""
        steps = {}
        for number, layer in enumerate(self.layers, self.first):
            for name, step in layer.steps.items():
                up = (share * STRENGTH * step.up).detach().numpy()
                steps[number, name] = (up, step.down.detach().numpy())
        return Adapters(NAME, steps, card=card)
