"""The installation a command works on, opened for it and closed when it ends. Knows no command."""

from __future__ import annotations

import os

import click

from crisis import wiring
from crisis.settings import instance_folder


def open_house() -> wiring.House:
    """The installation that ``CRISIS_INSTANCE`` names; closed with the running command."""
    house = wiring.house(instance_folder(os.environ), os.environ)
    click.get_current_context().call_on_close(house.close)
    return house
