"""How a setting is written down: default, reason in both languages, check. Knows no setting by name."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from crisis.settings.checks import Check, Words


def setting(default: Any, de: str, en: str, check: Check | None = None) -> Any:
    """One setting: its default, why it is there in both languages, and what it may be."""
    return field(default=default, metadata={"why": Words(de, en), "check": check})
