"""The reference pages of commands and errors, made from the code itself. Reads no file, writes none."""

from __future__ import annotations

import inspect
import os

import click

from crisis import errors

os.environ["CRISIS_LANG"] = "en"  # reference pages are English; the commands speak both


def commands() -> str:
    """One section a command: what it does, its arguments and options."""
    from crisis.cli import PARTS, main

    context = click.Context(main, info_name="crisis")
    sections = []
    for name in PARTS:
        command = main.get_command(context, name)
        assert command is not None, name  # noqa: S101 - PARTS is the table it looks in
        sections += _sections(command, f"crisis {name}")
    return "\n\n".join(sections)


def _sections(command: click.Command, path: str) -> list[str]:
    lines = [f"## `{path}`", " ".join((command.help or "").split())]
    context = click.Context(command, info_name=path)
    rows = [
        f"| `{first}` | {second} |"
        for first, second in (p.get_help_record(context) or ("", "") for p in command.params)
        if first
    ]
    arguments = [p.make_metavar(context) for p in command.params if isinstance(p, click.Argument)]
    if arguments:
        lines.append(f"Arguments: `{' '.join(arguments)}`")
    if rows:
        lines.append("\n".join(["| option | meaning |", "| --- | --- |", *rows]))
    found = ["\n\n".join(line for line in lines if line)]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                found += _sections(inner, f"{path} {name}")
    return found


def error_table() -> str:
    """One line an error: what happened, and whether trying again helps."""
    rows = ["| error | what happened | try again? |", "| --- | --- | --- |"]
    for name, found in inspect.getmembers(errors, inspect.isclass):
        if issubclass(found, errors.CrisisError):
            first = (inspect.getdoc(found) or "").split("\n\n")[0]
            again = "yes, later" if found.retry else "no, change something first"
            rows.append(f"| `{name}` | {' '.join(first.split())} | {again} |")
    return "\n".join(rows)
