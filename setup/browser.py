"""A Chromium for the tests: the one that is there, Debian's, or Playwright's own.

Tests only; a running installation needs none. Standard library only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from words import SetupError, step, t

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHT_ASKS = """
import sys
from pathlib import Path
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    sys.exit(not Path(playwright.chromium.executable_path).exists())
"""


def provide(python: Path) -> None:
    """See that there is a browser; install one where that can be done without asking."""
    if works(shutil.which(name) for name in NAMES) or playwrights(python):
        return
    if is_debian() and may_install():
        step("Chromium von Debian installieren", "Installing Debian's Chromium")
        prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
        quiet(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "update"], prefix)
        quiet(
            [
                *("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-y"),
                *("--no-install-recommends", "install", "chromium"),
            ],
            prefix,
        )
        if works(shutil.which(name) for name in NAMES):
            return
    step("Chromium von Playwright holen", "Fetching Playwright's Chromium")
    install = [str(python), "-m", "playwright", "install", "chromium"]
    if may_install():
        install.insert(-1, "--with-deps")
    if not (quiet(install, []) and playwrights(python)):
        raise SetupError(
            t(
                "ein Browser für die Tests: sudo apt install chromium",
                "a browser for the tests: sudo apt install chromium",
            )
        )


def works(paths: Iterable[str | None]) -> bool:
    """Whether one of the programs starts. Ubuntu's ``chromium-browser`` may be an empty shell."""
    return any(path and quiet([path, "--version"], []) for path in paths)


def playwrights(python: Path) -> bool:
    """Whether Playwright has fetched its own before."""
    return quiet([str(python), "-c", PLAYWRIGHT_ASKS], [])


def is_debian() -> bool:
    """Ubuntu does not count: its package leads to a snap, which fails in containers."""
    try:
        return "\nID=debian" in "\n" + Path("/etc/os-release").read_text(encoding="utf-8")
    except OSError:
        return False


def may_install() -> bool:
    """Whether packages can be installed without anybody typing a password."""
    if not shutil.which("apt-get"):
        return False
    return os.geteuid() == 0 or (bool(shutil.which("sudo")) and quiet(["true"], ["sudo", "-n"]))


def quiet(command: list[str], prefix: list[str]) -> bool:
    """Run it without a word; say whether it went well."""
    try:
        done = subprocess.run(
            [*prefix, *command], stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0
