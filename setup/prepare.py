"""Everything between a fresh copy and a first start: ``python3 setup/prepare.py run`` or ``test``.

Runs on the system's Python before anything is installed: standard library only. Each step remembers
a fingerprint of what it was made from, so a second run takes no time and needs no network.
Does not start anything, and makes no instance: that is ``crisis init``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import assets
import browser
from words import SetupError, step, stop, t

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "klarstellung-set-up.json"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")


def main() -> None:
    """Do the steps for ``run`` (a working installation) or ``test`` (and everything tests need)."""
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    try:
        find_python()
        make_venv()
        install(purpose)
        once("assets", assets.INPUTS, lambda: assets.fetch(ROOT), made=assets.target(ROOT))
        compile_translations()
        if purpose == "test":
            browser.provide(PYTHON)
    except SetupError as error:
        stop(error)


# --- fingerprints ----------------------------------------------------------------------------


def fingerprint(paths: list[Path]) -> str:
    """Changes when a file does, or Python. Times do not count: a checkout sets them anew."""
    about = VENV / "pyvenv.cfg"  # names the Python that the virtual environment was made with
    digest = hashlib.sha256(about.read_bytes() if about.exists() else b"")
    for path in sorted(paths):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def stamps() -> dict[str, str]:
    """What was made so far, from what."""
    try:
        return dict(json.loads(STAMPS.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def once(name: str, inputs: Sequence[str], make: Callable[[], None], *, made: Path) -> None:
    """Call ``make`` unless it was done with the same inputs and what it made is still there."""
    mark = fingerprint([ROOT / path for path in inputs])
    if stamps().get(name) == mark and made.exists():
        return
    make()
    remember(name, mark)


def remember(name: str, mark: str) -> None:
    """Write the stamp whole or not at all."""
    draft = STAMPS.with_suffix(".new")
    draft.write_text(json.dumps({**stamps(), name: mark}, indent=2), encoding="utf-8")
    draft.replace(STAMPS)


# --- the steps -------------------------------------------------------------------------------


def find_python() -> None:
    """Go on with a Python that is new enough, or say how to get one."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER:
        path = shutil.which(name)
        if path:
            os.execv(path, [path, *sys.argv])
    have = ".".join(map(str, sys.version_info[:2]))
    raise SetupError(
        t(
            f"Python 3.11 oder neuer; gefunden wurde {have}. "
            "Debian 12 und Ubuntu 24.04 bringen es mit: apt install python3 python3-venv",
            f"Python 3.11 or newer; {have} was found. "
            "Debian 12 and Ubuntu 24.04 ship it: apt install python3 python3-venv",
        )
    )


def make_venv() -> None:
    """A virtual environment that works; one that a Python upgrade broke is made anew."""
    if PYTHON.exists() and succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise SetupError(
            t(
                "das Paket für virtuelle Umgebungen: apt install python3-venv",
                "the package for virtual environments: apt install python3-venv",
            )
        )
    step("Virtuelle Umgebung .venv anlegen", "Making the virtual environment .venv")
    run([sys.executable, "-m", "venv", "--clear", str(VENV)])


def install(purpose: str) -> None:
    """The pinned packages, each checked against its hash, then the project itself."""
    done = stamps()
    wanted = {
        name: fingerprint([ROOT / f"requirements/{name}.txt", ROOT / "setup.cfg"])
        for name in ("run", "test")
    }
    # What tests need contains what running needs.
    if done.get("test") == wanted["test"] or done.get(purpose) == wanted[purpose]:
        return
    lock = ROOT / "requirements" / f"{purpose}.txt"
    total = lock.read_text(encoding="utf-8").count("==")
    step(f"{total} Pakete installieren", f"Installing {total} packages")
    # The lock names everything, so nothing is left to resolve. Left to itself, pip before 23.3 looks
    # for the newest "coverage[toml]" beside the pinned "coverage", and fails once there is one.
    pip_install("--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(lock))
    pip_install("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    remember(purpose, wanted[purpose])


def pip_install(*arguments: str) -> None:
    """Run pip, counting packages as they come; its own words only where it fails."""
    lines: list[str] = []
    with subprocess.Popen(
        [
            *(str(PYTHON), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"),
            *arguments,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            show_count(sum(kept.startswith(("Collecting", "Requirement al")) for kept in lines))
    show_count(0)
    if process.returncode:
        print("".join(lines[-30:]), file=sys.stderr)
        raise SetupError(
            t(
                "die Pakete von oben. Beim ersten Mal wird das Internet gebraucht; "
                "steht darüber etwas von Verbindungen, später noch einmal versuchen.",
                "the packages above. The first time needs the internet; "
                "if the lines above speak of connections, try again later.",
            )
        )


def show_count(count: int) -> None:
    """How many packages have come, on one line of a terminal that is written over; 0 clears it."""
    if sys.stdout.isatty():
        print(f"\r\033[K  {count} …" if count else "\r\033[K", end="", flush=True)


def compile_translations() -> None:
    """Turn the catalogues of words (.po) into what the pages read (.mo)."""
    catalogues = sorted(ROOT.glob("crisis/*/translations/*/LC_MESSAGES/*.po"))
    if not catalogues:
        return

    def make() -> None:
        step("Übersetzungen vorbereiten", "Preparing translations")
        for folder in sorted({path.parents[2] for path in catalogues}):
            run([str(VENV / "bin" / "pybabel"), "--quiet", "compile", "-d", str(folder)])

    once(
        "translations",
        tuple(str(path.relative_to(ROOT)) for path in catalogues),
        make,
        made=catalogues[0].with_suffix(".mo"),
    )


def succeeds(command: list[str]) -> bool:
    """Whether the command can be run and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str]) -> None:
    """Run a command; where it fails, show what it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr, file=sys.stderr)
        raise SetupError(
            t("was oben steht; es misslang: ", "what stands above; this failed: ")
            + " ".join(command)
        )


if __name__ == "__main__":
    main()
