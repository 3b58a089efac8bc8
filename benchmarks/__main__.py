"""``python -m benchmarks [FOLDER] [PART …]``: measure matching on public data, beside others in the same run.

Parts are ``quality``, ``speed`` and ``encoders``; all of them without a name. The folder may also be named by
``CRISIS_BENCH_DATA``; benchmarks/README.md says how it is laid out.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
PARTS = {
    "quality": "matching_quality.py",
    "speed": "matching_speed.py",
    "encoders": "encoders.py",
}


def main(arguments: list[str]) -> None:
    """Run the parts one after the other, each as if it had been called by itself."""
    if importlib.util.find_spec("bm25s") is None:
        sys.exit("The baseline is missing. Please run: pip install bm25s")
    parts = [word for word in arguments if word in PARTS]
    named = [word for word in arguments if word not in PARTS]
    named = named or [folder for folder in (os.environ.get("CRISIS_BENCH_DATA", ""),) if folder]
    sys.path.insert(0, str(HERE))
    for part in parts or PARTS:
        print(f"\n## {part}\n", flush=True)
        more = ["auto", "none"] if part == "encoders" else []
        sys.argv = [str(HERE / PARTS[part]), *named, *more]
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
