"""The settings page: what holds and where from, and changing the safe ones while people work."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from builders import NOON
from hypothesis import given
from hypothesis import strategies as st
from people import TownHall, Visitor

from crisis.cli.watch import Monitor
from crisis.errors import SettingsError
from crisis.rights import Act
from crisis.settings import FreshSettings, changing, example_toml, load
from crisis.settings.labels import LABELS, label
from crisis.settings.reading import checked, origins
from crisis.settings.table import SECTIONS
from crisis.wiring import House, house
from crisis.workflows import configure

PAGE = "/einstellungen/"
MAIL = {
    "host": "mail.stadt.example",
    "port": "465",
    "security": "tls",
    "user": "",
    "sender": "lage@stadt.example",
    "timeout_seconds": "20",
}


def file(hall: TownHall) -> Path:
    return hall.instance / "settings.toml"


def written(hall: TownHall, text: str) -> None:
    """Somebody has changed the file by hand; a moment has passed since."""
    file(hall).write_text(text, "utf-8")
    now = file(hall).stat().st_mtime_ns + 1_000_000
    os.utime(file(hall), ns=(now, now))


def form(visitor: Visitor, section: str, **changes: str) -> dict[str, str]:
    text = visitor.opens(PAGE + section).text
    found = re.search(r'name="fassung" value="([^"]*)"', text)
    assert found
    return {"fassung": found[1], **changes}


def test_administrators_read_every_setting_in_words_and_nobody_else_does(desk: TownHall) -> None:
    text = desk.vera.opens(PAGE).text
    for name in LABELS.values():
        assert name.de in text
    assert "aus der Umgebung: CRISIS_AUTHORITY_NAME" in text
    assert "Vorgabe" in text
    assert "Name of the authority" in desk.vera.opens(PAGE + "?lang=en").text
    for visitor in (desk.ana, desk.ben, desk.chloe):
        assert visitor.opens(PAGE).status_code == 403
        assert visitor.opens(PAGE + "mail").status_code == 403
        assert visitor.presses(PAGE + "mail", MAIL).status_code == 403
    assert desk.dev.opens(PAGE).status_code == 302


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "pw").write_text("streng geheim\n", "utf-8")
    hall = TownHall(
        tmp_path, CRISIS_MAIL_HOST="m.example", CRISIS_MAIL_SENDER="a@b.example",
        CRISIS_MAIL_USER="u", CRISIS_MAIL_PASSWORD_FILE="pw",
    )  # fmt: skip
    hall.vera.signs_in()
    text = hall.vera.opens(PAGE).text
    assert "hinterlegt, wird nie gezeigt" in text
    assert "streng geheim" not in text
    key = (hall.instance / "secret.key").read_text("ascii").strip()
    assert key not in text
    assert "Alle Benutzer dieses Rechners" in text  # the password file may be read by everybody
    hall.close()


def test_vera_enters_the_mail_server_and_it_holds_at_once(desk: TownHall) -> None:
    file(desk).write_text(example_toml(), "utf-8")
    answer = desk.vera.presses(PAGE + "mail", form(desk.vera, "mail", **MAIL))
    assert answer.headers["Location"] == "/einstellungen/#mail"
    text = file(desk).read_text("utf-8")
    assert 'host = "mail.stadt.example"' in text
    assert "# Leer: es geht keine Mail hinaus" in text  # comments stay
    assert load(desk.instance, desk.environ).mail.port == 465
    shown = desk.vera.opens(PAGE).text
    assert "mail.stadt.example" in shown
    assert "aus der Datei" in shown
    assert "kein Mailserver eingetragen" not in desk.ana.opens("/").text
    (entry,) = [e for e in desk.store.audit.page() if e.action == "settings.changed"]
    assert entry.after["mail.host"] == "mail.stadt.example"
    assert entry.before["mail.host"] == ""
    assert "mail.user" not in entry.after
    assert entry.actor == f"person:{desk.vera.person.id}"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"port": "viele"}, "eine ganze Zahl"),
        ({"port": "70000"}, "erlaubt ist 1 bis 65535"),
        ({"sender": "niemand"}, "ist keine E-Mail-Adresse"),
        ({"security": "egal"}, "gibt es nicht"),
        ({"sender": ""}, "braucht jede Mail einen Absender"),
        ({"host": "a\x00b"}, "Steuerzeichen"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    desk: TownHall, changes: dict[str, str], said: str
) -> None:
    answer = desk.vera.presses(PAGE + "mail", form(desk.vera, "mail", **MAIL) | changes)
    assert answer.status_code in (409, 422)
    assert said in answer.text
    assert "lage@stadt.example" in answer.text or "sender" in changes
    assert not file(desk).exists()
    assert not [e for e in desk.store.audit.page() if e.action == "settings.changed"]


def test_a_list_is_one_value_a_line(desk: TownHall) -> None:
    sent = form(desk.vera, "accessibility", known_barriers="Karte ohne Text\r\n\r\nAltes PDF ")
    desk.vera.presses(PAGE + "accessibility", sent)
    found = load(desk.instance, desk.environ).accessibility.known_barriers
    assert found == ("Karte ohne Text", "Altes PDF")
    assert "Karte ohne Text\nAltes PDF" in desk.vera.opens(PAGE + "accessibility").text


def test_what_the_environment_says_cannot_be_changed_here(desk: TownHall) -> None:
    text = desk.vera.opens(PAGE + "authority").text
    assert 'name="name"' not in text
    desk.vera.presses(PAGE + "authority", form(desk.vera, "authority", name="Andere Stadt"))
    assert not file(desk).exists()


def test_what_is_not_safe_cannot_be_changed_here(desk: TownHall) -> None:
    for section in ("retention", "desk", "matching", "quatsch"):
        assert desk.vera.opens(PAGE + section).status_code == 404
        assert desk.vera.presses(PAGE + section, {"posts_days": "1"}).status_code == 404
    sent = form(desk.vera, "mail", password_file="/etc/passwd")
    desk.vera.presses(PAGE + "mail", sent)
    assert not file(desk).exists()


def test_two_administrators_at_once_do_not_overwrite_each_other(desk: TownHall) -> None:
    mine = form(desk.vera, "alerts", link_hours="3")
    desk.vera.presses(PAGE + "alerts", form(desk.vera, "alerts", link_hours="5"))
    refused = desk.vera.presses(PAGE + "alerts", mine)
    assert refused.status_code == 409
    assert "inzwischen geändert" in refused.text
    assert 'value="3"' in refused.text
    assert load(desk.instance, desk.environ).alerts.link_hours == 5


def test_saving_what_is_there_already_writes_nothing(desk: TownHall) -> None:
    desk.vera.presses(PAGE + "alerts", form(desk.vera, "alerts", link_hours="24"))
    assert "Es hat sich nichts geändert." in desk.vera.opens(PAGE).text
    assert not file(desk).exists()
    with desk.app.app_context():
        configure.change(desk.store, {}, {}, lambda: None, desk.vera.person, NOON)


def test_a_file_that_cannot_be_used_changes_nothing_and_is_told(desk: TownHall) -> None:
    written(desk, "[alerts]\nlink_hours = 5\n")
    assert "5" in desk.vera.opens(PAGE).text
    written(desk, "[alerts]\nlink_hours = viele\n")
    text = desk.vera.opens(PAGE).text
    assert "es gilt, was vorher galt" in text
    assert "TOML" in text
    written(desk, "[alerts]\nlink_hours = 6\n")
    assert "es gilt, was vorher galt" not in desk.vera.opens(PAGE).text


def test_a_file_that_cannot_be_written_is_told(
    desk: TownHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = form(desk.vera, "alerts", link_hours="3")

    def full(*_args: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(changing.os, "fsync", full)
    answer = desk.vera.presses(PAGE + "alerts", sent)
    assert answer.status_code == 409
    assert "Es ist nichts geändert." in answer.text
    assert not file(desk).exists()
    assert not list(desk.instance.glob(".settings*"))
    assert not [e for e in desk.store.audit.page() if e.action == "settings.changed"]


def test_the_authority_s_clock_follows_the_settings(desk: TownHall) -> None:
    desk.rumour_spreads(1)
    assert "13:00 Uhr" in desk.ana.opens("/vorfaelle/1").text
    written(desk, '[authority]\ntimezone = "Asia/Tokyo"\n')
    assert "21:00 Uhr" in desk.ana.opens("/vorfaelle/1").text


# --- the room behind it ------------------------------------------------------------------------


def test_every_setting_has_a_name_for_people() -> None:
    keys = {(name, key) for name, table in SECTIONS.items() for key in table.__dataclass_fields__}
    assert set(LABELS) == keys
    assert label(("neu", "dazu")).de == "dazu"


def test_only_what_exists_can_be_changed() -> None:
    for section, keys in changing.CHANGEABLE.items():
        assert set(keys) <= set(SECTIONS[section].__dataclass_fields__)
    assert not changing.is_changeable(("desk", "port"))
    assert Act.CHANGE_SETTINGS


def test_each_setting_says_where_it_comes_from(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[mail]\nhost = "a"\nport = 25\n', "utf-8")
    found = origins(tmp_path, {"CRISIS_MAIL_PORT": "26", "PORT": "9000"})
    assert found["mail", "host"] == "file"
    assert found["mail", "port"] == "CRISIS_MAIL_PORT"
    assert found["desk", "port"] == "PORT"
    assert found["mail", "user"] == ""


def test_what_is_typed_becomes_a_value_or_a_sentence() -> None:
    assert checked("mail", "port", " 25 ") == (25, None)
    assert checked("learning", "enabled", "true") == (True, None)
    assert checked("monitor", "allowed_hosts", "a\n\n b ") == (("a", "b"), None)
    value, problem = checked("mail", "port", "x")
    assert value == "x"
    assert problem is not None
    assert not problem.de.startswith("[mail]")


TEXTS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)


@given(TEXTS, TEXTS, st.integers(1, 65535))
def test_what_is_written_is_read_back_and_the_rest_stays(name: str, phone: str, port: int) -> None:
    text = "# ein Kommentar\n[authority]\nname = 'alt' # bleibt\n\n[retention]\nposts_days = 9\n"
    new = changing.with_values(
        text,
        {
            ("authority", "name"): name,
            ("authority", "contact_phone"): phone,
            ("mail", "port"): port,
            ("accessibility", "known_barriers"): (name,),
        },
    )
    assert new.startswith("# ein Kommentar\n")
    import tomllib

    read = tomllib.loads(new)
    assert read["authority"] == {"name": name, "contact_phone": phone}
    assert read["mail"]["port"] == port
    assert read["accessibility"]["known_barriers"] == [name]
    assert read["retention"]["posts_days"] == 9


def test_settings_follow_their_file_but_what_a_start_needs(tmp_path: Path) -> None:
    fresh = FreshSettings(tmp_path, {})
    assert not fresh.look()
    (tmp_path / "settings.toml").write_text("[desk]\nport = 9999\n[alerts]\nlink_hours = 2\n")
    assert fresh.look()
    assert (fresh.now.alerts.link_hours, fresh.now.desk.port) == (2, 8000)
    (tmp_path / "settings.toml").unlink()
    assert fresh.look()
    (tmp_path / "settings.toml").write_text("[quatsch]\n")
    assert not fresh.look()
    assert isinstance(fresh.problem, SettingsError)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError):
        changing.fingerprint(tmp_path)
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError):
        changing.change(tmp_path / "file", {}, {}, "")


def test_the_monitor_goes_on_with_new_settings(
    desk: TownHall, caplog: pytest.LogCaptureFixture
) -> None:
    opened: House = house(desk.instance, desk.environ)
    monitor = Monitor(opened, desk.environ)
    with opened.store.transaction():
        opened.store.sources.remove(desk.source.id)
    caplog.set_level("INFO")
    monitor.step(wait=True)
    written(desk, "[alerts]\nescalate_after_minutes = 3\n")
    monitor.step(wait=True)
    assert monitor._house.terms.escalate_after.total_seconds() == 180
    said = ("Neue Einstellungen gelten.", "New settings hold.")  # as the machine's language is
    assert any(sentence in caplog.text for sentence in said)
    written(desk, "[quatsch]\n")
    monitor.step(wait=True)
    monitor.step(wait=True)
    assert caplog.text.count("quatsch") == 1
    monitor.close()
    opened.close()
