"""Settings: what is taken, what is refused, and that all problems are said at once."""

from __future__ import annotations

import dataclasses
import stat
import threading
import tomllib
from pathlib import Path

import pytest

from crisis.errors import SettingsError
from crisis.settings import (
    Settings,
    example_toml,
    instance_folder,
    load,
    reference_table,
    secret_key,
)
from crisis.settings.table import SECTIONS

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests/data/bad_settings.toml").read_text(encoding="utf-8"))["case"]


def write(folder: Path, text: str) -> None:
    (folder / "settings.toml").write_text(text, encoding="utf-8")


# --- the file --------------------------------------------------------------------------------


def test_without_a_file_every_default_holds(tmp_path: Path) -> None:
    assert load(tmp_path, {}) == Settings(instance=tmp_path)


def test_the_file_that_set_up_writes_changes_nothing(tmp_path: Path) -> None:
    write(tmp_path, example_toml())
    assert load(tmp_path, {}) == Settings(instance=tmp_path)


def test_the_file_that_set_up_writes_names_every_setting() -> None:
    lines = {line.removeprefix("# ").split(" = ")[0] for line in example_toml().splitlines()}
    for section in SECTIONS.values():
        assert {field.name for field in dataclasses.fields(section)} <= lines


def test_every_setting_says_why_in_both_languages() -> None:
    for section in SECTIONS.values():
        for field in dataclasses.fields(section):
            assert all(field.metadata["why"]), field.name


def test_the_example_in_the_repository_is_the_file_that_set_up_writes() -> None:
    example = ROOT / "instance" / "settings.example.toml"
    assert example.read_text(encoding="utf-8") == example_toml()


def test_the_reference_page_holds_every_setting() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text(encoding="utf-8")
    assert reference_table().strip() in page


def test_values_of_the_file_are_taken(tmp_path: Path) -> None:
    write(
        tmp_path,
        '[desk]\nport = 9000\n[matching]\nraise_at = 1\n[monitor]\nallowed_hosts = ["a", "b"]',
    )
    settings = load(tmp_path, {})
    assert settings.desk.port == 9000
    assert settings.matching.raise_at == 1.0
    assert settings.monitor.allowed_hosts == ("a", "b")


def test_a_byte_order_mark_of_an_editor_is_no_problem(tmp_path: Path) -> None:
    write(tmp_path, "\ufeff[desk]\nport = 9000")
    assert load(tmp_path, {}).desk.port == 9000


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_bad_file_is_refused_and_the_error_names_what_is_wrong(
    case: dict[str, object], tmp_path: Path
) -> None:
    write(tmp_path, str(case["file"]))
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {})
    for words in case["says"]:  # type: ignore[attr-defined]
        assert words in caught.value.de
    assert caught.value.de.count("\n  - ") == caught.value.en.count("\n  - ") == 1


def test_all_problems_are_said_at_once(tmp_path: Path) -> None:
    write(tmp_path, '[desk]\nport = 0\nprot = 1\n[mail]\nhost = "m"\nsecurity = "x"\n[nix]\n')
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, {"PORT": "viele", "CRISIS_MAIL_HOTS": "m"})
    error = caught.value
    for words in ("prot", "port: 'viele'", "security", "sender fehlt", "[nix]", "MAIL_HOTS"):
        assert words in error.de
    assert error.de.count("\n  - ") == 6


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, {})


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, {})


# --- the environment -------------------------------------------------------------------------


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    write(tmp_path, "[desk]\nport = 9000\nthreads = 2")
    environ = {
        "CRISIS_DESK_PORT": "9001",
        "CRISIS_MATCHING_RAISE_AT": "0.7",
        "CRISIS_MONITOR_ALLOWED_HOSTS": "a.example, b.example,",
        "CRISIS_AUTHORITY_NAME": "Neustadt",
        "CRISIS_LANG": "en",
        "CRISIS_INSTANCE": "anywhere",
        "HOME": "/",
    }
    settings = load(tmp_path, environ)
    assert (settings.desk.port, settings.desk.threads) == (9001, 2)
    assert settings.matching.raise_at == 0.7
    assert settings.monitor.allowed_hosts == ("a.example", "b.example")
    assert settings.authority.name == "Neustadt"


@pytest.mark.parametrize(("text", "taken"), [("true", True), (" False ", False)])
def test_the_environment_switches_learning_on_and_off(
    text: str, taken: bool, tmp_path: Path
) -> None:
    assert load(tmp_path, {"CRISIS_LEARNING_ENABLED": text}).learning.enabled is taken
    with pytest.raises(SettingsError, match="true or false"):
        load(tmp_path, {"CRISIS_LEARNING_ENABLED": text.strip() + "?"})


def test_port_goes_before_everything(tmp_path: Path) -> None:
    assert load(tmp_path, {"PORT": "8123", "CRISIS_DESK_PORT": "9001"}).desk.port == 8123


def test_a_misspelt_variable_is_refused_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Did you mean CRISIS_DESK_PORT"):
        load(tmp_path, {"CRISIS_DESK_PROT": "1"})


def test_the_instance_folder_is_here_unless_the_environment_says_otherwise() -> None:
    assert instance_folder({}) == Path("instance").absolute()
    assert instance_folder({"CRISIS_INSTANCE": "/srv/klar"}) == Path("/srv/klar")


# --- what follows from them ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"CRISIS_DESK_HOST": "0.0.0.0", "PORT": "80"}, "http://127.0.0.1:80"),
        ({"CRISIS_DESK_HOST": "::"}, "http://[::1]:8000"),
        ({"CRISIS_DESK_HOST": "::1"}, "http://[::1]:8000"),
        ({"CRISIS_AUTHORITY_PUBLIC_URL": "https://k.example/x/"}, "https://k.example/x"),
    ],
)
def test_links_begin_where_people_reach_the_desk(
    environ: dict[str, str], url: str, tmp_path: Path
) -> None:
    assert load(tmp_path, environ).base_url == url


def test_this_machine_reaches_the_desk_without_the_way_round(tmp_path: Path) -> None:
    settings = load(tmp_path, {"CRISIS_AUTHORITY_PUBLIC_URL": "https://k.example"})
    assert settings.local_url == "http://127.0.0.1:8000"


def test_playbooks_lie_beside_the_program_or_where_the_settings_say(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    assert load(instance, {}).playbook_folder == ROOT / "playbooks"
    relative = load(instance, {"CRISIS_PLAYBOOKS_FOLDER": "texte"})
    assert relative.playbook_folder == tmp_path / "texte"
    absolute = load(instance, {"CRISIS_PLAYBOOKS_FOLDER": "/srv/texte"})
    assert absolute.playbook_folder == Path("/srv/texte")


def test_database_and_unsent_mails_lie_in_the_instance(tmp_path: Path) -> None:
    assert load(tmp_path, {}).database.parent == tmp_path
    assert load(tmp_path, {}).outbox == tmp_path / "outbox"


# --- secrets ---------------------------------------------------------------------------------


def mail_account(folder: Path, password: str, mode: int = 0o600) -> dict[str, str]:
    file = folder / "kennwort"
    file.write_text(password, encoding="utf-8")
    file.chmod(mode)
    return {"CRISIS_MAIL_USER": "klar", "CRISIS_MAIL_PASSWORD_FILE": "kennwort"}


def test_the_mail_password_comes_from_its_file_and_is_not_shown(tmp_path: Path) -> None:
    settings = load(tmp_path, mail_account(tmp_path, "Bitte nicht lesen\n"))
    assert settings.mail_password == "Bitte nicht lesen"
    assert "Bitte" not in repr(settings)
    assert settings.warnings == ()


def test_an_empty_password_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="password_file is empty"):
        load(tmp_path, mail_account(tmp_path, "\n"))


def test_a_password_that_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    (warning,) = load(tmp_path, mail_account(tmp_path, "geheim", 0o644)).warnings
    assert "chmod 600" in warning.de
    assert "chmod 600" in warning.en


def test_a_password_without_encryption_is_a_warning(tmp_path: Path) -> None:
    environ = {**mail_account(tmp_path, "geheim"), "CRISIS_MAIL_SECURITY": "none"}
    (warning,) = load(tmp_path, environ).warnings
    assert "unverschlüsselt" in warning.de


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "instance")
    assert len(key) >= 43  # 256 bits in base64
    assert secret_key(tmp_path / "instance") == key
    file = tmp_path / "instance" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["secret.key"]


def test_many_who_ask_at_once_get_the_same_key(tmp_path: Path) -> None:
    keys: list[str] = []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        keys.append(secret_key(tmp_path))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1


def test_a_key_that_everybody_can_read_is_a_warning(tmp_path: Path) -> None:
    secret_key(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    assert len(load(tmp_path, {}).warnings) == 1


@pytest.mark.parametrize("content", [b"kurz", b"\xff" * 64])
def test_a_key_that_is_no_key_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(SettingsError):
        secret_key(tmp_path)


def test_a_place_where_no_key_can_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(SettingsError):
        secret_key(tmp_path / "instance")


def test_a_mailbox_needs_somebody_who_may_open_it(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"\[inbox\] user is missing"):
        load(tmp_path, {"CRISIS_INBOX_HOST": "imap.musterstadt.example"})
    with pytest.raises(SettingsError, match=r"\[inbox\] password_file is missing"):
        load(tmp_path, {"CRISIS_INBOX_HOST": "imap.x.example", "CRISIS_INBOX_USER": "lage"})
    (tmp_path / "post").write_text("sehr geheim\n", "utf-8")
    (tmp_path / "post").chmod(0o600)
    environ = {
        "CRISIS_INBOX_HOST": "imap.x.example",
        "CRISIS_INBOX_USER": "lage",
        "CRISIS_INBOX_PASSWORD_FILE": "post",
    }
    settings = load(tmp_path, environ)
    assert settings.inbox_password == "sehr geheim"
    assert "geheim" not in repr(settings)
