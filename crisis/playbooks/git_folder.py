"""Edge: playbooks saved on the desk as commits of a git repository, in their author's name.

The files are saved before this is asked; whatever goes wrong here is said, and the next commit of the same
file takes the change along. Pushes nothing, pulls nothing and runs no hooks: what leaves the house is for the
administration to decide.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from crisis.errors import GitError
from crisis.playbooks.on_disk import locked

SECONDS = 10  # a commit takes a tenth of one
_QUIET = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "gc.auto=0")


class GitFolder:
    """A folder of playbooks that is, or becomes, a git repository."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def commit(self, files: Sequence[str], *, name: str, email: str, message: str) -> bool:
        """Commit these files below the folder as they are now, and nothing else that lies there.

        False where nothing had changed. A folder that is in no repository becomes one of its own.
        Raises GitError: git is not there, or refuses.
        """
        with locked(self.path):
            if self._run("rev-parse", "--is-inside-work-tree", check=False).returncode:
                self._run("init", "--quiet")
            self._run("add", "--", *files)
            if not self._run("diff", "--cached", "--quiet", "--", *files, check=False).returncode:
                return False
            who = f"{_plain(name) or 'Klarstellung'} <{_plain(email)}>"
            self._run(
                "commit",
                "--quiet",
                "--only",
                "--no-verify",
                f"--author={who}",
                "-m",
                message,
                "--",
                *files,
            )
            return True

    def _run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        program = {
            "GIT_COMMITTER_NAME": "Klarstellung",
            "GIT_COMMITTER_EMAIL": "klarstellung@localhost",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C.UTF-8",
        }
        kept = {n: v for n, v in os.environ.items() if not n.startswith("GIT_")}
        try:
            done = subprocess.run(  # noqa: S603 - no shell, and names cannot begin an option
                ["git", *_QUIET, "-C", str(self.path), *arguments],  # noqa: S607 - where it is differs
                env=kept | program,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise GitError(
                "Git ist auf diesem Rechner nicht installiert.",
                "Git is not installed on this machine.",
            ) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GitError("Git antwortet nicht.", "Git does not answer.") from error
        if check and done.returncode:
            said = " ".join(done.stderr.split())[:200]
            raise GitError(f"Git weigert sich: {said}", f"Git refuses: {said}")
        return done


def _plain(text: str) -> str:
    """What may stand in a commit's author: one line without angle brackets."""
    return " ".join("".join(c for c in text if c not in "<>" and c.isprintable()).split())
