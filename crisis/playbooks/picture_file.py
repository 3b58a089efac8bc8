"""What a picture's bytes are, and how they are made fit to be shown. Pure: opens and saves no file.

Only PNG, JPEG and WebP: a drawing in SVG can carry script. What is uploaded is drawn anew, pixel by
pixel, so that nothing but the picture is left: no camera, no place where it was taken, no hidden file.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL import Image as Pixels
from PIL import ImageOps, UnidentifiedImageError

from crisis.errors import InvalidInputError

KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
# Bytes of a picture that goes out: the lexicon ``app.bsky.embed.images`` takes no more. Mastodon takes 16 MB.
MOST_BYTES = 1_000_000
MOST_UPLOAD = (
    4_500_000  # bytes of a photo; a form with it must stay below what the desk takes at all
)
MOST_PIXELS = 40_000_000  # a small file can claim to be a huge picture
LONGEST_SIDE = 2_000  # pixels after an upload; more is not seen on any page
SMALLEST_SIDE = 64  # less is a dot
_QUALITIES = (88, 80, 70, 60)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture that can be shown."""

    media_type: str
    width: int  # pixels
    height: int
    sha256: str  # of its bytes, in hexadecimal
    size: int  # bytes
    tells: bool = False  # carries notes of the camera, perhaps the place

    @property
    def ending(self) -> str:
        return ENDINGS[self.media_type]


def examined(content: bytes) -> PictureFile:
    """What these bytes are. Raises InvalidInputError for what is no picture of ours, or too large."""
    if len(content) > MOST_BYTES:
        raise InvalidInputError(
            f"Das Bild ist mit {_megabytes(len(content))} zu groß; erlaubt ist 1 Megabyte. Wenn Sie es"
            " beim Schreiben der Vorlage hochladen, wird es von selbst verkleinert.",
            f"At {_megabytes(len(content))} the picture is too large; 1 megabyte is allowed. If you"
            " upload it while writing the playbook, it is made smaller by itself.",
        )
    with _opened(content) as pixels:
        tells = bool(pixels.getexif()) or any(name in pixels.info for name in ("xmp", "comment"))
        return PictureFile(
            media_type=KINDS[str(pixels.format)],
            width=pixels.width,
            height=pixels.height,
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            tells=tells,
        )


def redrawn(content: bytes) -> bytes:
    """The same picture, upright, in handy size, with nothing else in its file.

    PNG stays PNG where that is small enough; everything else becomes JPEG on white. Raises
    InvalidInputError as ``examined`` does.
    """
    if len(content) > MOST_UPLOAD:
        raise InvalidInputError(
            f"Das Bild ist mit {_megabytes(len(content))} zu groß; erlaubt sind"
            f" {_megabytes(MOST_UPLOAD)}.",
            f"At {_megabytes(len(content))} the picture is too large; {_megabytes(MOST_UPLOAD)} are"
            " allowed.",
        )
    with _opened(content) as pixels:
        drawing = pixels.format == "PNG"
        upright = ImageOps.exif_transpose(pixels)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        if drawing:
            mode = "RGBA" if upright.has_transparency_data else "RGB"
            made = _saved(_bare(upright, mode), "PNG", optimize=True)
            if len(made) <= MOST_BYTES:
                return made
        plain = _on_white(upright)
        for quality in _QUALITIES:
            made = _saved(plain, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(made) <= MOST_BYTES:
                return made
        plain.thumbnail((LONGEST_SIDE // 2, LONGEST_SIDE // 2))
        return _saved(plain, "JPEG", quality=_QUALITIES[-1], optimize=True, progressive=True)


def _opened(content: bytes) -> Pixels.Image:
    """The picture, read to its last pixel. Raises InvalidInputError."""
    try:
        pixels = Pixels.open(io.BytesIO(content), formats=tuple(KINDS))
        if pixels.width * pixels.height > MOST_PIXELS:
            raise InvalidInputError(
                f"Das Bild hat zu viele Bildpunkte ({pixels.width} × {pixels.height}). Bitte"
                " verkleinern Sie es.",
                f"The picture has too many pixels ({pixels.width} × {pixels.height}). Please make it"
                " smaller.",
            )
        if min(pixels.width, pixels.height) < SMALLEST_SIDE:
            raise InvalidInputError(
                f"Das Bild ist mit {pixels.width} × {pixels.height} Bildpunkten zu klein; jede Seite"
                f" braucht mindestens {SMALLEST_SIDE}.",
                f"At {pixels.width} × {pixels.height} pixels the picture is too small; each side needs"
                f" at least {SMALLEST_SIDE}.",
            )
        pixels.load()
    except UnidentifiedImageError as error:
        raise _no_picture() from error
    except (OSError, ValueError, SyntaxError, EOFError, Pixels.DecompressionBombError) as error:
        raise InvalidInputError(
            "Das Bild ist beschädigt und lässt sich nicht vollständig lesen.",
            "The picture is damaged and cannot be read in full.",
        ) from error
    return pixels


def _no_picture() -> InvalidInputError:
    return InvalidInputError(
        "Das ist kein Bild, das gezeigt werden kann. Möglich sind PNG, JPEG und WebP; Zeichnungen in SVG"
        " speichern Sie bitte als PNG.",
        "This is no picture that can be shown. Possible are PNG, JPEG and WebP; please save drawings in"
        " SVG as PNG.",
    )


def _bare(pixels: Pixels.Image, mode: str) -> Pixels.Image:
    """Its pixels and nothing else."""
    bare = Pixels.new(mode, pixels.size)
    bare.paste(pixels.convert(mode))
    return bare


def _on_white(pixels: Pixels.Image) -> Pixels.Image:
    white = Pixels.new("RGB", pixels.size, "white")
    if pixels.has_transparency_data:
        seen = pixels.convert("RGBA")
        white.paste(seen, mask=seen.getchannel("A"))
    else:
        white.paste(pixels.convert("RGB"))
    return white


def _saved(pixels: Pixels.Image, form: str, **how: object) -> bytes:
    kept = io.BytesIO()
    pixels.save(kept, form, **how)
    return kept.getvalue()


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
