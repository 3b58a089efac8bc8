"""THIRD_PARTY.md: what an installation brings along, which version, under which licence.

Reads the lock files and what the installed packages say of themselves. Gives no legal advice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

HEAD = """\
# What others wrote and we use

Nothing of this is in the repository: set-up fetches exactly these versions and checks their hashes.
Made from the lock files by `make docs`. Tools that only tests need stand in `requirements/test.txt`.

"""
LOCKED = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
# Where a package says it in other words, or only in its licence file.
SPDX = {
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Public Domain": "public domain",
}
SAID_IN_A_FILE = {
    "pysqlite3": "Zlib; SQLite itself: public domain",
    # For other Pythons than the one that writes this page: brotlicffi for PyPy, the other before 3.14.
    "brotlicffi": "MIT",
    "backports-zstd": "PSF-2.0",
}


def page(root: Path) -> str:
    """The whole page."""
    rows = "\n".join([*python_rows(root), *browser_rows(root)])
    return f"{HEAD}| name | version | licence | origin |\n| --- | --- | --- | --- |\n{rows}\n"


def python_rows(root: Path) -> Iterator[str]:
    """One row for each Python package of an installation; two versions are for different Pythons."""
    versions: dict[str, list[str]] = {}
    for name, version in LOCKED.findall((root / "requirements/run.txt").read_text("utf-8")):
        versions.setdefault(name, []).append(version)
    for name, found in versions.items():
        yield f"| {name} | {' or '.join(found)} | {licence(name)} | PyPI |"


def licence(name: str) -> str:
    """What an installed package says its licence is, as an SPDX expression where it can be."""
    if name in SAID_IN_A_FILE:
        return SAID_IN_A_FILE[name]
    about = metadata.metadata(name).json
    kinds = [
        str(kind).rpartition(" :: ")[2]
        for kind in about.get("classifier", ())
        if str(kind).startswith("License ::")
    ]
    said = [about.get("license_expression"), about.get("license"), *kinds]
    short = [str(words) for words in said if words and len(words) < 60 and "\n" not in words]
    return SPDX.get(short[0], short[0]) if short else "see its files"


def browser_rows(root: Path) -> Iterator[str]:
    """One row for each npm package; the lock file knows their licences."""
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    for path, package in sorted(lock["packages"].items()):
        if path and not package.get("dev"):
            name = path.removeprefix("node_modules/")
            yield f"| {name} | {package['version']} | {package['license']} | npm |"
