"""The settings in writing: the file that set-up lays down, and the table of the reference page.

Both come from ``table``; nothing about a setting is said here a second time.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

from crisis.settings.checks import Words
from crisis.settings.table import SECTIONS

HEAD = """\
# Einstellungen von Klarstellung. Jede Zeile zeigt den Wert, der ohne sie gälte.
# Änderungen gelten nach Sekunden, nur [desk] nach einem Neustart. Die Umgebung geht vor:
# CRISIS_MAIL_HOST=... steht für host in [mail], PORT für port in [desk].
"""

TITLES = {
    "authority": Words("Wer hier spricht", "Who speaks here"),
    "accessibility": Words(
        "Was in der Erklärung zur Barrierefreiheit steht",
        "What the statement of accessibility says",
    ),
    "public": Words("Die Seiten für alle", "The citizens' pages"),
    "desk": Words("Der Arbeitsplatz im Browser", "The web server of the desk"),
    "mail": Words("Der Mailserver für Alarme", "The mail server that alerts leave by"),
    "inbox": Words("Das Postfach für Antworten", "The mailbox for replies"),
    "monitor": Words("Wie Quellen abgefragt werden", "How sources are asked"),
    "matching": Words("Ab wann ein Beitrag als Treffer gilt", "Where the two bands begin"),
    "learning": Words("Lernen aus Urteilen", "Learning from verdicts"),
    "alerts": Words("Wer wann gerufen wird", "Telling the person on call"),
    "rota": Words("Dienstplan", "The rota"),
    "drills": Words("Übungen des Teams", "Drills of the team"),
    "watchdog": Words("Wer hilft, wenn hier alles steht", "Who helps when all stands still here"),
    "targets": Words("Ziele der Kennzahlen", "Targets of the figures"),
    "retention": Words("Was wie lange bleibt, in Tagen", "How long things are kept, in days"),
    "release": Words("Freigeben, auch im Notfall", "Releasing, in an emergency too"),
    "playbooks": Words("Vorbereitete Antworten", "Prepared answers"),
    "channels": Words("Wohin Antworten gehen", "Where answers go"),
    "channels.mastodon": Words("Konto auf Mastodon", "Mastodon account"),
    "channels.bluesky": Words("Konto auf Bluesky", "Bluesky account"),
    "channels.press": Words("Mails an Presse und Partner", "Mails to press and partners"),
    "channels.webhook": Words("Aufruf eines anderen Programms", "Call to another program"),
}


def example_toml() -> str:
    """The settings file with every default and, above each, one line of why in German."""
    return HEAD + "".join(_section(name) for name in SECTIONS)


def _section(name: str) -> str:
    lines = [f"\n[{name}]  # {TITLES[name].de}\n"]
    for field in dataclasses.fields(SECTIONS[name]):
        value = "# " if field.default is None else ""
        lines.append(
            f"# {field.metadata['why'].de}\n{value}{field.name} = {_toml(field.default)}\n"
        )
    return "".join(lines)


def _toml(value: Any) -> str:
    if value is None:
        return "0.5"  # stands behind a "#": an example
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)  # TOML reads JSON's strings and numbers


def reference_table() -> str:
    """Every setting as Markdown tables, one a section, in English."""
    return "\n".join(_rows())


def _rows() -> Iterator[str]:
    for name, section in SECTIONS.items():
        yield f"## `[{name}]`\n\n{TITLES[name].en}.\n"
        yield "| setting | default | environment | why |\n| --- | --- | --- | --- |"
        for field in dataclasses.fields(section):
            default = "none" if field.default is None else f"`{_toml(field.default)}`"
            variable = f"CRISIS_{name}_{field.name}".upper().replace(".", "_")
            yield f"| `{field.name}` | {default} | `{variable}` | {field.metadata['why'].en} |"
        yield ""
