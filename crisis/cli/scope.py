"""The checklist on the command line: each sentence asked, or all confirmed by one option. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import click

from crisis.cli.words import language, t
from crisis.scope import ALL, Statement

option: Callable[[Any], Any] = click.option(
    "--in-scope",
    is_flag=True,
    help=t(
        "Bestätigt jeden Satz der Prüfliste (docs/operate/privacy.md); sonst wird jeder gefragt.",
        "Confirms every sentence of the checklist (docs/operate/privacy.md); else each is asked.",
    ),
)


def confirmed(statements: Sequence[Statement], in_scope: bool) -> list[str]:
    """The codes of what somebody confirms; where nobody can be asked, none."""
    if in_scope:
        return [ALL]
    codes = []
    for one in statements:
        click.echo(f"\n{one.say(language())}\n  {one.why(language())}")
        try:
            if click.confirm(t("Trifft das zu?", "Does this hold?")):
                codes.append(one.code)
        except click.Abort:  # no terminal: what is missing is said by the refusal
            click.echo(t("\nOhne Rückfrage: --in-scope", "\nWithout asking: --in-scope"))
            return codes
    return codes
