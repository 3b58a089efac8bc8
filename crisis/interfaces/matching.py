"""What workflows see of the matcher: an index that says which rumour a text carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from crisis.types import Match, Rumour


class Judge(Protocol):
    """The model that gives the scores: see ``matching.Model``."""

    @property
    def version(self) -> str: ...


class Limits(Protocol):
    """From which scores on is raised and suggested: see ``matching.Bands``."""

    @property
    def raise_at(self) -> float: ...
    @property
    def suggest_at(self) -> float: ...


class Index(Protocol):
    """The catalogue, ready to be compared with posts: see ``matching.Index``."""

    @property
    def model(self) -> Judge: ...
    @property
    def bands(self) -> Limits: ...
    @property
    def sight(self) -> Any: ...  # ``matching.lens.Sight``, handed back to matching as it is
    def match(
        self,
        texts: Sequence[str],
        langs: Sequence[str] | None = None,
        *,
        top: int = 3,
        banded: bool = False,
        thrifty: bool = False,
    ) -> list[list[Match]]: ...
    def with_rumour(self, rumour: Rumour) -> Index: ...
