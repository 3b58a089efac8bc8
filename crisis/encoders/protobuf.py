"""The few pieces of the protobuf wire format that an ONNX file is made of; writes, never reads.

Field numbers are those of onnx.proto3 (ONNX, Apache-2.0); the wire format is Protocol Buffers'. Knows
nothing of encoders (``network``).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

OPSET = 17
IR_VERSION = 8
EXTENSION = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""

_TYPES = {"float32": 1, "int8": 3, "int64": 7}


def number(field: int, value: int) -> bytes:
    """Return a whole number, not negative unless ONNX expects 64 bits."""
    return _varint(field << 3) + _varint(value & 0xFFFFFFFFFFFFFFFF)


def real(field: int, value: float) -> bytes:
    """Return a number of 32 bits."""
    return _varint(field << 3 | 5) + struct.pack("<f", value)


def chunk(field: int, value: bytes | str) -> bytes:
    """Return text, raw bytes, or a message within the message."""
    raw = value.encode() if isinstance(value, str) else value
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def tensor(name: str, array: NDArray[np.generic]) -> bytes:
    """Return a TensorProto with the numbers of ``array``."""
    dims = b"".join(number(1, size) for size in array.shape)
    return dims + number(2, _TYPES[array.dtype.name]) + chunk(8, name) + chunk(9, array.tobytes())


def value(name: str, kind: str, shape: Sequence[int | str]) -> bytes:
    """Return a ValueInfoProto; a size that is a word may be any."""
    sizes = (chunk(2, size) if isinstance(size, str) else number(1, size) for size in shape)
    form = b"".join(chunk(1, size) for size in sizes)
    return chunk(1, name) + chunk(2, chunk(1, number(1, _TYPES[kind]) + chunk(2, form)))


def node(
    operator: str,
    inputs: Sequence[str],
    output: str,
    settings: Mapping[str, int | float],
    domain: str = "",
) -> bytes:
    """Return a NodeProto with one output."""
    made = b"".join(chunk(1, name) for name in inputs) + chunk(2, output) + chunk(4, operator)
    made += b"".join(chunk(5, _setting(name, given)) for name, given in settings.items())
    return made + chunk(7, domain)


def model(
    nodes: Sequence[bytes],
    tensors: Sequence[bytes],
    inputs: Sequence[bytes],
    outputs: Sequence[bytes],
) -> bytes:
    """Return a whole ModelProto."""
    graph = b"".join(chunk(1, part) for part in nodes) + chunk(2, "encoder")
    graph += b"".join(chunk(5, part) for part in tensors)
    graph += b"".join(chunk(11, part) for part in inputs)
    graph += b"".join(chunk(12, part) for part in outputs)
    rules = chunk(8, number(2, OPSET)) + chunk(8, chunk(1, EXTENSION) + number(2, 1))
    return number(1, IR_VERSION) + chunk(7, graph) + rules


def _setting(name: str, given: int | float) -> bytes:
    if isinstance(given, float):
        return chunk(1, name) + real(2, given) + number(20, 1)
    return chunk(1, name) + number(3, given) + number(20, 2)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
