"""The statement of accessibility says what the law asks for, in both languages, to everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import TownHall

ADDRESS = "/barrierefreiheit"


def hall_with(tmp_path: Path, settings: str) -> TownHall:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "settings.toml").write_text(settings, "utf-8")
    return TownHall(tmp_path)


def test_a_stranger_reads_it_and_gets_no_cookie(hall: TownHall) -> None:
    answer = hall.dev.opens(ADDRESS)
    assert answer.status_code == 200
    assert "Erklärung zur Barrierefreiheit" in answer.text
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/klarstellungen/", "/anmelden"])
def test_public_pages_and_the_desk_lead_there(hall: TownHall, path: str) -> None:
    assert f'href="{ADDRESS}"' in hall.dev.opens(path).text


def test_it_can_be_read_in_english(hall: TownHall) -> None:
    answer = hall.dev.opens(f"{ADDRESS}?sprache=en")
    assert '<html lang="en">' in answer.text
    assert "Accessibility statement" in answer.text
    assert "Barriere" not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_without_a_contact_it_still_says_where_to_turn(hall: TownHall) -> None:
    text = hall.dev.opens(ADDRESS).text
    assert "Kontaktwege von Musterstadt" in text
    assert "sagen wir Ihnen auf Anfrage" in text


def test_the_towns_own_words_contacts_and_body_are_named(tmp_path: Path) -> None:
    hall = hall_with(
        tmp_path,
        '[authority]\ncontact_email = "presse@musterstadt.example"\ncontact_phone = "0123 / 45-6"\n'
        '[accessibility]\nassessed_on = "2026-10-05"\n'
        'known_barriers = ["Der Stadtplan ist ein <b>Bild</b>."]\n'
        'enforcement_name = "Schlichtungsstelle des Landes"\n'
        'enforcement_url = "https://schlichtung.example/"\n',
    )
    text = hall.dev.opens(ADDRESS).text
    hall.close()
    assert "5. Oktober 2026" in text
    assert "Der Stadtplan ist ein &lt;b&gt;Bild&lt;/b&gt;." in text
    assert '<a href="https://schlichtung.example/"' in text
    assert "mailto:presse@musterstadt.example?subject=Barriere%20melden" in text
    assert 'href="tel:0123456"' in text


def test_a_body_without_an_address_is_named_all_the_same(tmp_path: Path) -> None:
    hall = hall_with(tmp_path, '[accessibility]\nenforcement_name = "Die Schlichtungsstelle"\n')
    text = hall.dev.opens(ADDRESS).text
    hall.close()
    assert "<p>Die Schlichtungsstelle</p>" in text
