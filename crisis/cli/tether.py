"""A process that ends when the one that started it ends, even by SIGKILL.

``python -m crisis.cli.tether PARENT COMMAND...`` ties itself to its parent and then becomes the
command. Linux only; elsewhere the command runs untied. Knows nothing of what it runs.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; the kernel keeps the setting over execve


def tie() -> None:
    """Ask the kernel for SIGTERM when the parent is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def main() -> None:
    """Tie, see that the parent did not die meanwhile, and become the command."""
    parent, *command = sys.argv[1:]
    tie()
    if os.getppid() != int(parent):
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main()
