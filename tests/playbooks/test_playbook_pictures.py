"""A playbook's pictures: what may be one, what is left in its file, and that an approval is of its bytes."""

from __future__ import annotations

import zlib
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from builders import PLAYBOOK, drawn
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from crisis.errors import InvalidInputError, NotFoundError
from crisis.playbooks.blocks import Whole, located
from crisis.playbooks.check import check
from crisis.playbooks.folder import Folder
from crisis.playbooks.parse import parse
from crisis.playbooks.picture_file import LONGEST_SIDE, MOST_BYTES, PictureFile, examined, redrawn
from crisis.playbooks.pins import pinned
from crisis.playbooks.problem import Problem
from crisis.playbooks.write import write

PICTURED = PLAYBOOK.replace(
    "---\n## Lage",
    "bilder:\n  - datei: bilder/karte.png\n    alternativtext: Der Damm von oben\n---\n## Lage",
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><script>alert(1)</script></svg>'
HUGE = b"\x89PNG\r\n\x1a\n" + b"".join(
    len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")
    for kind, body in (
        (b"IHDR", (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    )
)


def camera() -> Image.Exif:
    """What a camera writes into a photo: who made it, and that it lies on its side."""
    notes = Image.Exif()
    notes[0x010F] = "Kamera"
    notes[0x0112] = 6
    return notes


def folder(tmp_path: Path, picture: bytes | None = None, text: str = PICTURED) -> Folder:
    (tmp_path / "bilder").mkdir(exist_ok=True)
    (tmp_path / "damm.md").write_text(text, "utf-8")
    if picture is not None:
        (tmp_path / "bilder" / "karte.png").write_bytes(picture)
    return Folder(tmp_path)


def codes(shelf: Folder) -> list[str]:
    made = shelf.whole("damm", shelf.text("damm"))
    problems = located(check("damm", made.text, today=date(2026, 11, 23)), made)
    return [one.code for one in problems if one.code.startswith("picture")]


def test_another_picture_under_the_same_name_is_another_text(tmp_path: Path) -> None:
    (before,) = folder(tmp_path, drawn()).load().playbooks
    (after,) = folder(tmp_path, drawn(colour="red")).load().playbooks
    assert before.pictures[0].sha256 != after.pictures[0].sha256
    assert before.sha256 != after.sha256
    assert before.pictures[0].sha256 in before.text


def test_what_was_pinned_reads_and_writes_the_same(tmp_path: Path) -> None:
    (made,) = folder(tmp_path, drawn()).load().playbooks
    assert parse("damm", write(made)).pictures == made.pictures
    shelf = folder(tmp_path, text=write(made))
    assert shelf.load().playbooks[0].pictures == made.pictures


def test_a_wrong_checksum_in_the_file_is_put_right(tmp_path: Path) -> None:
    shelf = folder(tmp_path, drawn())
    wrong = PICTURED.replace(
        "---\n## Lage", f"pruefsummen: [bilder/karte.png {'0' * 64}]\n---\n## Lage"
    )
    assert shelf.whole("damm", wrong).text == shelf.whole("damm", PICTURED).text


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        (None, ["picture-missing"]),
        (SVG, ["picture-unusable"]),
        (b"", ["picture-unusable"]),
        (drawn()[:60], ["picture-unusable"]),
        (drawn(size=(20, 20)), ["picture-unusable"]),
        (drawn("GIF"), ["picture-unusable"]),
        (HUGE, ["picture-unusable"]),
        (drawn() + b"\0" * MOST_BYTES, ["picture-unusable"]),
        (
            drawn("JPEG", exif=camera()),
            ["picture-tells"],
        ),
        (drawn("WEBP"), []),
        (drawn(), []),
    ],
    ids=lambda one: repr(one)[:24],
)
def test_the_check_says_what_is_wrong_with_a_picture(
    tmp_path: Path, picture: bytes | None, found: list[str]
) -> None:
    assert codes(folder(tmp_path, picture)) == found


def test_a_link_that_leads_out_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    shelf = folder(tmp_path / "folder")
    (tmp_path / "outside.png").write_bytes(drawn())
    (shelf.path / "bilder" / "karte.png").symlink_to(tmp_path / "outside.png")
    assert codes(shelf) == ["picture-unusable"]


def test_problems_keep_their_lines_below_the_pins(tmp_path: Path) -> None:
    text = PICTURED + "\n## Unbekanntes\n\nEs fehlt.\n"
    shelf = folder(tmp_path, drawn(), text)

    def line(whole: Whole) -> int:
        found = located(check("damm", whole.text, today=date(2026, 11, 23)), whole)
        return next(one.line for one in found if one.code == "section-unknown")

    assert line(shelf.whole("damm", text)) == text.split("\n").index("## Unbekanntes") + 1


def test_an_upload_is_drawn_anew_and_keeps_nothing_but_the_picture(tmp_path: Path) -> None:
    photo = drawn("JPEG", size=(3000, 1000), exif=camera(), comment=b"geheim")
    made = redrawn(photo + b"PK\x03\x04 a hidden archive")
    kind = examined(made)
    assert (kind.media_type, kind.width < kind.height, kind.height) == (
        "image/jpeg",
        True,
        LONGEST_SIDE,
    )
    assert not kind.tells
    assert not any(word in made for word in (b"Kamera", b"geheim", b"archive", b"Exif"))


def test_a_drawing_stays_a_png_and_keeps_what_is_see_through() -> None:
    kept = BytesIO()
    Image.new("RGBA", (300, 200), (0, 0, 0, 0)).save(kept, "PNG")
    made = redrawn(kept.getvalue())
    assert examined(made).media_type == "image/png"
    assert Image.open(BytesIO(made)).mode == "RGBA"


def test_noise_is_made_small_enough_for_every_channel() -> None:
    noise = BytesIO()
    Image.effect_noise((1500, 1150), 90).convert("RGB").save(noise, "PNG")
    assert len(redrawn(noise.getvalue())) <= MOST_BYTES


@pytest.mark.parametrize("content", [SVG, b"", b"GIF89a", drawn("GIF"), HUGE, drawn()[:50]])
def test_what_is_no_picture_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(InvalidInputError) as refused:
        redrawn(content)
    assert "Bild" in refused.value.de


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300) | st.binary(max_size=80).map(lambda tail: drawn()[:40] + tail))
def test_any_bytes_are_a_picture_or_refused(content: bytes) -> None:
    for look in (examined, redrawn):
        try:
            look(content)
        except InvalidInputError:
            continue


def test_the_same_picture_twice_is_one_file_and_another_gets_a_number(tmp_path: Path) -> None:
    pictures = folder(tmp_path).pictures
    first = pictures.add("Karte (Süd).PNG", drawn())
    assert first == "bilder/karte-sued.png"
    assert pictures.add("karte sued.png", drawn()) == first
    assert pictures.add("Karte (Süd).PNG", drawn(colour="red")) == "bilder/karte-sued-2.png"
    assert pictures.names() == ["bilder/karte-sued-2.png", first]
    assert pictures.add("../../etc/passwd", drawn()) == "bilder/passwd.png"
    assert pictures.add("картина.png", drawn()) == "bilder/bild.png"


def test_only_pictures_are_looked_at(tmp_path: Path) -> None:
    pictures = folder(tmp_path).pictures
    for name in ("damm.md", "../damm.md", "/etc/passwd", "bilder/karte.png"):
        with pytest.raises(NotFoundError):
            pictures.look(name)


good = PictureFile(media_type="image/png", width=100, height=100, sha256="ab" * 32, size=9)


@given(st.text(max_size=200), st.booleans())
def test_pinning_changes_nothing_but_its_line_and_twice_is_once(text: str, header: bool) -> None:
    text = PICTURED.split("## Lage")[0] + text if header else text
    made = pinned("x", Whole(text), lambda file: good)
    again = pinned("x", Whole(made.text), lambda file: good)
    assert again.text == made.text
    lines = made.text.split("\n")
    if made.origins:
        assert len(lines) == len(made.origins)
        assert [line for line in lines if not line.startswith("pruefsummen: [")] == text.split("\n")
    else:
        assert made.text == text
    problem = Problem("x.md", len(lines), "hint", "x", "x", "x")
    assert located([problem], made)[0].line <= len(text.split("\n"))
