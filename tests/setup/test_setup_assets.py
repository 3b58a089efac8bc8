"""What the browser gets: everything on our own server, and all of it in the wheel."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import assets
import pytest

ROOT = Path(__file__).parents[2]
VENDOR = assets.target(ROOT).parent


def test_every_font_that_the_css_names_lies_beside_it() -> None:
    css = (VENDOR / "fira-sans" / "fira-sans.css").read_text(encoding="utf-8")
    addresses = re.findall(r'url\("([^"]+)"\)', css)
    assert len(addresses) == len(assets.FONT_WEIGHTS) * len(assets.FONT_PARTS)
    for address in addresses:
        font = VENDOR / "fira-sans" / address
        assert font.read_bytes()[:4] == b"wOF2"


def test_the_font_covers_german_and_its_neighbours() -> None:
    css = (VENDOR / "fira-sans" / "fira-sans.css").read_text(encoding="utf-8")
    assert "U+0000-00FF" in css  # ä ö ü ß
    assert "U+0100-" in css  # ğ ł š


def test_no_style_sheet_asks_another_server() -> None:
    for sheet in VENDOR.rglob("*.css"):
        css = sheet.read_text(encoding="utf-8")
        assert "@import" not in css
        for address in re.findall(r"url\(\s*[\"']?([^)\"']{0,40})", css):
            assert address.startswith("data:") or re.fullmatch(r"[\w.-]+", address), address


def test_every_third_party_file_has_its_licence_beside_it() -> None:
    folders = [folder for folder in VENDOR.iterdir() if folder.is_dir()]
    assert len(folders) == len(assets.FILES)
    for folder in folders:
        assert list(folder.glob("LICENSE*")), folder


def test_a_failed_copy_leaves_what_was_there(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    (vendor / "old").write_text("still here", encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        assets.lay_out(tmp_path / "no-modules", vendor)
    assert (vendor / "old").exists()


def test_the_wheel_holds_all_that_the_pages_need(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("setup.cfg", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, source)
    (source / "README.md").write_text("# Klarstellung\n", encoding="utf-8")
    shutil.copytree(
        ROOT / "crisis", source / "crisis", ignore=shutil.ignore_patterns("__pycache__")
    )
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"),
            *("--no-build-isolation", "-w", str(tmp_path), str(source)),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    kinds = {".py", ".html", ".txt", ".xml", ".json", ".toml", ".jsonl", ".css", ".js", ".svg"}
    wanted = {
        str(path.relative_to(source))
        for path in (source / "crisis").rglob("*")
        if path.is_file() and (path.suffix in {*kinds, ".png", ".woff2", ".mo"})
    }
    assert wanted <= packed
    assert "crisis/desk/static/vendor/kern/kern.min.css" in packed
    assert "crisis/desk/static/vendor/kern/LICENSE.md" in packed
    assert "crisis/desk/static/vendor/uplot/uPlot.min.js" in packed
