"""``python -m benchmarks [FOLDER]``: measure the quality of matching on public data.

The folder may also be named by ``CRISIS_BENCH_DATA``; benchmarks/README.md says how it is laid out.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent

if __name__ == "__main__":
    if importlib.util.find_spec("bm25s") is None:
        sys.exit("The baseline is missing. Please run: pip install bm25s")
    named = sys.argv[1:] or [os.environ.get("CRISIS_BENCH_DATA", "")]
    sys.path.insert(0, str(HERE))
    sys.argv = [str(HERE / "matching_quality.py"), *filter(None, named)]
    runpy.run_path(sys.argv[0], run_name="__main__")
