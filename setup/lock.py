"""Pin every package with the hashes of all its files: ``make lock``. For developers.

The lock files hold for every Python from 3.11 on and every platform, and name no address.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUN, TEST, NODE = (f"requirements/{name}.txt" for name in ("run", "test", "node"))
JOBS = (
    (RUN, ["--extra", "meaning", "setup.cfg", "requirements/setup.in"]),
    # Tests run with the very versions that people run.
    (
        TEST,
        ["--extra", "test", "--extra", "meaning", "-c", RUN, "setup.cfg", "requirements/setup.in"],
    ),
    (NODE, ["requirements/node.in"]),
)
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]


def main() -> None:
    """Make the lock files anew; ``--upgrade`` unless ``keep`` is asked for."""
    upgrade = [] if "keep" in sys.argv else ["--upgrade"]
    with tempfile.TemporaryDirectory() as folder:
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        for output, sources in JOBS:
            print(f"• {output}", flush=True)
            subprocess.run(
                [python, "-m", "uv", "pip", "compile", *OPTIONS, *upgrade, *sources, "-o", output],
                cwd=ROOT,
                check=True,
            )


if __name__ == "__main__":
    main()
