"""The town's own sign and colours: readable for everybody, and able to do nothing but be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import TownHall

from crisis.errors import SettingsError
from crisis.settings import colour, load, logo

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4H0z"/></svg>'
PART = st.integers(0, 255)


def hall_with(folder: Path, settings: str, sign: bytes = b"") -> TownHall:
    instance = folder / "instance"
    instance.mkdir(exist_ok=True)
    (instance / "settings.toml").write_text(settings, "utf-8")
    if sign:
        (instance / "wappen.svg").write_bytes(sign)
    return TownHall(folder)


# --- colours ---------------------------------------------------------------------------------


def test_black_and_white_are_as_far_apart_as_can_be() -> None:
    black, white = colour.Colour(0, 0, 0), colour.Colour(255, 255, 255)
    assert colour.contrast(black, white) == pytest.approx(21)
    assert colour.contrast(white, white) == pytest.approx(1)


@given(PART, PART, PART, st.booleans())
def test_every_colour_has_a_shade_that_can_be_read(r: int, g: int, b: int, dark: bool) -> None:
    ground = colour.DARK_GROUND if dark else colour.LIGHT_GROUND
    shade = colour.readable(colour.Colour(r, g, b), dark=dark)
    assert colour.contrast(shade, ground) >= colour.ENOUGH
    assert colour.readable(shade, dark=dark) == shade
    assert colour.own_colour(dark, shade.text) is None


@pytest.mark.parametrize("text", ["blau", "#12345", "#12345g", "1a3f8f", "#1a3f8f;}body{"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    said = colour.own_colour(False, text)
    assert said is not None
    assert "keine Farbe" in said.de


def test_a_colour_nobody_can_read_stops_the_start_and_says_which_would_do(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[authority]\ncolour = "#ffcc00"\n', "utf-8")
    with pytest.raises(SettingsError) as refused:
        load(tmp_path, {})
    text = refused.value.say("de")
    assert "zu schwach zu lesen" in text
    shade = text.split('"')[-2]
    (tmp_path / "settings.toml").write_text(f'[authority]\ncolour = "{shade}"\n', "utf-8")
    assert load(tmp_path, {}).authority.colour == shade


def test_the_towns_colour_is_on_every_page_light_and_dark(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, '[authority]\ncolour = "#7a1040"\n')
    page = hall.dev.opens("/anmelden").text
    assert "/farben.css?v=7a1040" in page
    with hall.dev.opens("/farben.css") as sheet:
        assert sheet.content_type == "text/css; charset=utf-8"
        assert "#7a1040" in sheet.text
        dark = sheet.text.partition("dark")[2].partition("--brand: ")[2][:7]
    hall.close()
    parsed = colour.parse(dark)
    assert parsed is not None
    assert colour.contrast(parsed, colour.DARK_GROUND) >= colour.ENOUGH


def test_both_colours_may_be_chosen(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, '[authority]\ncolour = "#7a1040"\ncolour_dark = "#ffaacc"\n')
    with hall.dev.opens("/farben.css") as sheet:
        assert "--brand: #ffaacc" in sheet.text
    hall.close()


def test_without_a_colour_and_a_sign_there_is_nothing_to_fetch(hall: TownHall) -> None:
    page = hall.dev.opens("/anmelden").text
    assert "farben.css" not in page
    assert "/zeichen" not in page
    assert hall.dev.opens("/farben.css").status_code == 404
    assert hall.dev.opens("/zeichen").status_code == 404


# --- the sign --------------------------------------------------------------------------------


def test_the_towns_sign_stands_on_every_page_and_can_do_nothing_else(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, '[authority]\nlogo = "wappen.svg"\n', SVG)
    assert "/zeichen?v=" in hall.dev.opens("/anmelden").text
    with hall.dev.opens("/zeichen") as sign:
        assert sign.content_type == "image/svg+xml"
        assert sign.headers["Content-Security-Policy"].endswith("sandbox")
        assert sign.data == SVG
    (hall.instance / "wappen.svg").write_bytes(b"<html>")
    assert hall.dev.opens("/zeichen").status_code == 404
    hall.close()


@pytest.mark.parametrize(
    "harm",
    [
        b"<script>alert(1)</script>",
        b'<a href="https://boese.example"/>',
        b'<image href="datei.png"/>',
        b"<path onload='x()'/>",
        b"<foreignObject/>",
        b"<style>@import url(https://boese.example)</style>",
        b'<path fill="url(https://boese.example/x)"/>',
        b"<!DOCTYPE svg [<!ENTITY x 'y'>]>",
    ],
)
def test_a_sign_that_could_do_more_than_be_seen_is_refused(tmp_path: Path, harm: bytes) -> None:
    (tmp_path / "wappen.svg").write_bytes(SVG.replace(b"</svg>", harm + b"</svg>"))
    said = logo.problem(tmp_path / "wappen.svg")
    assert said is not None
    assert "mehr kann als ein Bild" in said.de


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"GIF89a", "weder PNG noch SVG"),
        (b"", "weder PNG noch SVG"),
        (logo.PNG + b"x" * logo.LARGEST, "höchstens"),
    ],
)
def test_a_file_that_is_no_small_picture_is_refused(
    tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "wappen").write_bytes(content)
    said = logo.problem(tmp_path / "wappen")
    assert said is not None
    assert says in said.de


def test_a_png_and_an_svg_with_gradients_are_fine(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(logo.PNG + b"...")
    (tmp_path / "b").write_bytes(
        b'<?xml version="1.0"?>' + SVG.replace(b"<path", b'<path fill="url(#verlauf)"')
    )
    assert logo.problem(tmp_path / "a") is None
    assert logo.problem(tmp_path / "b") is None


def test_a_sign_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[authority]\nlogo = "fehlt.png"\n', "utf-8")
    with pytest.raises(SettingsError, match="logo"):
        load(tmp_path, {})
