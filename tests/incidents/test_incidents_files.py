"""Which files may lie on an incident: known by their content, with a name that harms nobody."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crisis.errors import InvalidInputError
from crisis.incidents import files


def packed(*names: str, mimetype: str = "") -> bytes:
    """A zip file that holds these."""
    box = BytesIO()
    with ZipFile(box, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "x")
    return box.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        ("Labor: unauffällig\n".encode(), "text/plain"),
        (packed("word/document.xml"), files._DOCUMENTS["word/document.xml"][0]),
        (packed("xl/workbook.xml"), files._DOCUMENTS["xl/workbook.xml"][0]),
        (
            packed(mimetype="application/vnd.oasis.opendocument.text"),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_what_a_file_is_its_content_says(content: bytes, kind: str) -> None:
    assert files.kind("harmlos.bin", content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00",
        b"<html><script>alert(1)</script>",
        b"<svg onload=x>",
        b"\x00\x01\x02",
        packed("a.txt"),
        packed("word/document.xml", "word/vbaProject.bin"),
        packed("Basic/x", mimetype="application/vnd.oasis.opendocument.text"),
        b"PK\x03\x04 broken",
        b"%PDF-" + b"x" * files.LARGEST,
    ],
)
def test_what_could_harm_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        files.kind("datei.pdf", content)


@given(st.text(max_size=300))
def test_a_name_has_no_folder_and_the_ending_of_its_kind(name: str) -> None:
    safe = files.safe_name(name, "application/pdf")
    assert safe.endswith(".pdf")
    assert not set(safe) & set('/\\<>:"|?*\r\n\0')
    assert 4 < len(safe) <= 104


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("Befund.PDF", "Befund.pdf"),
        ("C:\\Eigene\\Befund.exe", "Befund.pdf"),
        ("..", "Datei.pdf"),
    ],
)
def test_names_that_were_meant_otherwise(name: str, safe: str) -> None:
    assert files.safe_name(name, "application/pdf") == safe
