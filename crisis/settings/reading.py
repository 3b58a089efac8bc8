"""From a file and the environment to settings, or to one error that lists every problem at once.

Writes nothing; knows no setting by name but those that hang together (``_together``).
"""

from __future__ import annotations

import dataclasses
import stat
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_type_hints

from crisis.errors import SettingsError
from crisis.settings import logo
from crisis.settings.checks import Words
from crisis.settings.secret import KEY_NAME
from crisis.settings.table import SECTIONS, Settings

FILE_NAME = "settings.toml"
PREFIX = "CRISIS_"
FOLDER_VARIABLE = "CRISIS_INSTANCE"
# Named like settings, but read elsewhere: the folder above, and the command line's language.
OTHER_VARIABLES = frozenset({FOLDER_VARIABLE, "CRISIS_LANG"})

Values = dict[str, dict[str, Any]]  # section -> setting -> value


def instance_folder(environ: Mapping[str, str]) -> Path:
    """Where this installation keeps what is its own: ``CRISIS_INSTANCE``, else ``./instance``."""
    return Path(environ.get(FOLDER_VARIABLE) or "instance").absolute()


def load(instance: Path, environ: Mapping[str, str], *, text: str | None = None) -> Settings:
    """Read and check ``instance/settings.toml``; the environment goes before it.

    A missing file means every default; with ``text`` that counts instead of the file. Raises
    ``SettingsError`` that lists all problems at once.
    """
    problems: list[Words] = []
    values = _from_file(instance / FILE_NAME, problems, text)
    _from_environment(values, environ, problems)
    sections = {
        name.replace(".", "_"): section(**_checked(name, values.get(name, {}), problems))
        for name, section in SECTIONS.items()
    }
    settings = Settings(instance=instance, **sections)
    problems += _together(settings)
    password = _secret(settings, "mail", "password_file", problems)
    dkim_key = _key(settings, problems)
    inbox_password = _secret(settings, "inbox", "password_file", problems)
    outside_password = _secret(settings, "watchdog", "outside_password_file", problems)
    secrets = {
        section.removeprefix("channels."): _secret(settings, section, key, problems)
        for section, key in _SECRETS
    }
    if problems:
        raise _error(instance / FILE_NAME, problems)
    return dataclasses.replace(
        settings,
        mail_password=password,
        dkim_key=dkim_key,
        inbox_password=inbox_password,
        outside_password=outside_password,
        channel_secrets={code: secret for code, secret in secrets.items() if secret},
        warnings=tuple(_warnings(settings)),
    )


def _error(path: Path, problems: list[Words]) -> SettingsError:
    return SettingsError(
        f"Die Einstellungen ({path} und Umgebung) lassen sich so nicht verwenden:\n"
        + "\n".join(f"  - {problem.de}" for problem in problems),
        f"The settings ({path} and environment) cannot be used like this:\n"
        + "\n".join(f"  - {problem.en}" for problem in problems),
    )


# --- the two places they come from -----------------------------------------------------------


def origins(instance: Path, environ: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Where each setting comes from: the name of its variable, "file", or "" for the default."""
    written = _from_file(instance / FILE_NAME, [])
    given: Values = {}
    _from_environment(given, environ, [])
    found: dict[tuple[str, str], str] = {}
    for section, table in SECTIONS.items():
        for field in dataclasses.fields(table):
            key = (section, field.name)
            found[key] = "file" if field.name in written.get(section, {}) else ""
            if field.name in given.get(section, {}):
                port = key == ("desk", "port") and environ.get("PORT")
                found[key] = "PORT" if port else variable_of(section, field.name)
    return found


def checked(section: str, key: str, text: str) -> tuple[Any, Words | None]:
    """What somebody typed for a setting as its value, or what is wrong with it.

    Lists are one value a line. Knows nothing of what hangs together: that is found by ``load``.
    """
    if get_type_hints(SECTIONS[section])[key] == tuple[str, ...]:
        value: Any = [line.strip() for line in text.splitlines() if line.strip()]
    else:
        value = _parsed(section, key, text.strip())
    problems: list[Words] = []
    good = _checked(section, {key: value}, problems)
    if not problems:
        return good[key], None
    mark = f"[{section}] {key}: "
    return value, Words(*(said.removeprefix(mark) for said in problems[0]))


def _from_file(path: Path, problems: list[Words], text: str | None = None) -> Values:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig") if text is None else text)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        problems.append(Words(f"Das ist kein TOML: {error}.", f"This is not TOML: {error}."))
        return {}
    except (OSError, UnicodeError) as error:
        problems.append(
            Words(
                f"Die Datei lässt sich nicht lesen: {error}.", f"The file cannot be read: {error}."
            )
        )
        return {}
    values: Values = {}
    for name, content in document.items():
        if name not in SECTIONS:
            problems.append(_unknown(f"[{name}]", name, SECTIONS))
        elif not isinstance(content, dict):
            problems.append(Words(f"[{name}] ist kein Abschnitt.", f"[{name}] is not a section."))
        else:
            for part, inner in _taken_apart(name, content).items():
                values[part] = inner
    return values


def _taken_apart(name: str, content: dict[str, Any]) -> Values:
    """A section, and those within it: ``[channels.mastodon]`` is one of its own here."""
    inner = {key: f"{name}.{key}" for key in content if f"{name}.{key}" in SECTIONS}
    tables = {part: dict(content[key]) for key, part in inner.items() if _is_table(content[key])}
    rest = {key: value for key, value in content.items() if inner.get(key) not in tables}
    return {name: rest, **tables}


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def variable_of(section: str, key: str) -> str:
    """The variable that goes before this setting of the file."""
    return f"{PREFIX}{section}_{key}".upper().replace(".", "_")


def _from_environment(values: Values, environ: Mapping[str, str], problems: list[Words]) -> None:
    names = {
        variable_of(section, field.name): (section, field.name)
        for section, table in SECTIONS.items()
        for field in dataclasses.fields(table)
    }
    found = {name: environ[name] for name in sorted(environ) if name.startswith(PREFIX)}
    for variable, text in found.items():
        if variable in names:
            section, key = names[variable]
            values.setdefault(section, {})[key] = _parsed(section, key, text)
        elif variable not in OTHER_VARIABLES:
            problems.append(_unknown(variable, variable, names))
    if environ.get("PORT"):  # what hosts and people set who have never heard of us
        values.setdefault("desk", {})["port"] = _parsed("desk", "port", environ["PORT"])


def _parsed(section: str, key: str, text: str) -> Any:
    """A text of the environment as the setting's type; left as it is where it cannot be."""
    kind = get_type_hints(SECTIONS[section])[key]
    if kind is str:
        return text
    if kind is bool:
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if kind == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return int(text) if kind is int else float(text)
    except ValueError:
        return text


def _unknown(shown: str, name: str, known: Mapping[str, object]) -> Words:
    near = get_close_matches(name, known, 1)
    return Words(
        f"{shown} gibt es nicht." + (f" Meinten Sie {near[0]}?" if near else ""),
        f"there is no {shown}." + (f" Did you mean {near[0]}?" if near else ""),
    )


# --- what they may be ------------------------------------------------------------------------


def _checked(section: str, values: dict[str, Any], problems: list[Words]) -> dict[str, Any]:
    """Those of ``values`` that are known, of the right type and in range."""
    fields = {field.name: field for field in dataclasses.fields(SECTIONS[section])}
    kinds = get_type_hints(SECTIONS[section])
    good: dict[str, Any] = {}
    for key, value in values.items():
        if key not in fields:
            problems.append(_unknown(f"[{section}] {key}", key, fields))
            continue
        taken, problem = _typed(kinds[key], value)
        check = fields[key].metadata["check"]
        if problem is None and check is not None:
            problem = check(taken)
        if problem is None:
            good[key] = taken
        else:
            problems.append(
                Words(f"[{section}] {key}: {problem.de}", f"[{section}] {key}: {problem.en}")
            )
    return good


def _typed(kind: object, value: Any) -> tuple[Any, Words | None]:
    """``value`` as ``kind``, or what is wrong with it. TOML's true is no number here."""
    if kind is str and isinstance(value, str):
        if not any(letter < " " or letter == "\x7f" for letter in value):
            return value, None
        return None, Words(
            "Zeilenumbrüche und Steuerzeichen gehen hier nicht.",
            "line breaks and control characters are not possible here.",
        )
    if (kind is int and type(value) is int) or (kind is bool and type(value) is bool):
        return value, None
    if kind == float | None and type(value) in {int, float}:
        return float(value), None
    if kind == tuple[str, ...] and _are_texts(value):
        return tuple(value), None
    return None, _wanted(kind, value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _wanted(kind: object, value: Any) -> Words:
    de, en = {
        str: ("ein Text in Anführungszeichen", "a text in quotation marks"),
        int: ("eine ganze Zahl", "a whole number"),
        bool: ("true oder false", "true or false"),
        float | None: ("eine Zahl", "a number"),
    }.get(kind, ("eine Liste von Texten", "a list of texts"))  # type: ignore[call-overload]
    return Words(f"{value!r} geht nicht; gebraucht wird {de}.", f"{value!r} is not {en}.")


def _together(settings: Settings) -> list[Words]:
    """What is wrong only because of two settings together."""
    problems = []
    low, high = settings.matching.suggest_at, settings.matching.raise_at
    if low is not None and high is not None and low > high:
        problems.append(
            Words(
                "[matching] suggest_at liegt über raise_at; es muss darunter liegen.",
                "[matching] suggest_at is above raise_at; it must not be.",
            )
        )
    if settings.mail.host and not settings.mail.sender:
        problems.append(
            Words(
                "[mail] sender fehlt: mit einem Mailserver braucht jede Mail einen Absender.",
                "[mail] sender is missing: with a mail server every mail needs one.",
            )
        )
    if settings.authority.logo:
        wrong = logo.problem(settings.instance / settings.authority.logo)
        if wrong:
            problems.append(Words(f"[authority] logo: {wrong.de}", f"[authority] logo: {wrong.en}"))
    if settings.channels_press.enabled and not settings.mail.host:
        problems.append(
            Words(
                "[channels.press] enabled braucht einen Mailserver: [mail] host fehlt.",
                "[channels.press] enabled needs a mail server: [mail] host is missing.",
            )
        )
    for section, key, needs in (
        ("channels.mastodon", "server", "token_file"),
        ("channels.bluesky", "handle", "password_file"),
        ("channels.webhook", "url", "secret_file"),
    ):
        held = settings.section(section)
        if getattr(held, key) and not getattr(held, needs):
            problems.append(
                Words(
                    f"[{section}] {needs} fehlt: ohne Geheimnis geht dort nichts hinaus.",
                    f"[{section}] {needs} is missing: nothing is sent there without a secret.",
                )
            )
    for section in ("mail", "inbox"):
        held = settings.section(section)
        if held.user and not held.password_file:
            problems.append(
                Words(
                    f"[{section}] password_file fehlt: zum Benutzer gehört ein Kennwort.",
                    f"[{section}] password_file is missing: a user needs a password.",
                )
            )
    if settings.inbox.host and not settings.inbox.user:
        problems.append(
            Words(
                "[inbox] user fehlt: ein Postfach öffnet sich nur mit Benutzer und Kennwort.",
                "[inbox] user is missing: a mailbox opens only with a user and a password.",
            )
        )
    return problems


# --- secrets ---------------------------------------------------------------------------------


# Besides the mail server's: settings that name a file with a secret.
_SECRETS = (
    ("channels.mastodon", "token_file"),
    ("channels.bluesky", "password_file"),
    ("channels.webhook", "secret_file"),
)


def _secret_path(settings: Settings, section: str, key: str) -> Path | None:
    """The file that a setting names; an absolute one wins over the instance folder."""
    named = getattr(settings.section(section), key)
    return settings.instance / named if named else None


def _secret(settings: Settings, section: str, key: str, problems: list[Words]) -> str:
    """The file's first line; "" where none is named."""
    path = _secret_path(settings, section, key)
    if path is None:
        return ""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        problems.append(
            Words(
                f"[{section}] {key} lässt sich nicht lesen: {error}.",
                f"[{section}] {key} cannot be read: {error}.",
            )
        )
        return ""
    if not lines or not lines[0].strip():
        problems.append(Words(f"[{section}] {key} ist leer.", f"[{section}] {key} is empty."))
        return ""
    return lines[0].strip()


def _key(settings: Settings, problems: list[Words]) -> str:
    """The key that signs mails, whole; "" where none is named. Whether it is a key, ``wiring`` sees."""
    path = settings.dkim_key_file
    if path is None:
        return ""
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeError) as error:
        problems.append(
            Words(
                f"[mail] dkim_key_file lässt sich nicht lesen: {error}.",
                f"[mail] dkim_key_file cannot be read: {error}.",
            )
        )
        return ""
    if "PRIVATE KEY" not in text:
        problems.append(
            Words(
                "[mail] dkim_key_file ist kein Schlüssel. „crisis mail dkim“ macht einen.",
                "[mail] dkim_key_file is no key. “crisis mail dkim” makes one.",
            )
        )
    return text


def _warnings(settings: Settings) -> list[Words]:
    """What works but should not stay so."""
    warnings = []
    named = (
        *(("mail", "password_file"), ("mail", "dkim_key_file"), ("inbox", "password_file")),
        ("watchdog", "outside_password_file"),
        *_SECRETS,
    )
    secrets = [_secret_path(settings, section, key) for section, key in named]
    for path in (settings.instance / KEY_NAME, *filter(None, secrets)):
        if path.is_file() and path.stat().st_mode & stat.S_IROTH:
            warnings.append(
                Words(
                    f"Alle Benutzer dieses Rechners können {path} lesen. Abhilfe: chmod 600 {path}",
                    f"Every user of this machine can read {path}. To mend it: chmod 600 {path}",
                )
            )
    for section in ("mail", "inbox"):
        held = settings.section(section)
        if held.user and held.security == "none":
            warnings.append(
                Words(
                    "Das Mail-Kennwort geht unverschlüsselt über das Netz:"
                    f' [{section}] security = "none".',
                    f'The mail password crosses the network unencrypted: [{section}] security = "none".',
                )
            )
    if settings.mail.host and not settings.alerts.catch_all_email:
        warnings.append(
            Words(
                "Es gibt keine Auffangadresse: [alerts] catch_all_email. Antwortet sonst niemand, gehen"
                " Alarme an die Verwaltung.",
                "There is no catch-all address: [alerts] catch_all_email. Where nobody else answers,"
                " alerts go to the administrators.",
            )
        )
    return warnings
