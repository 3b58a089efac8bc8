"""What an installation can set: read once, checked as a whole, frozen afterwards.

``table`` holds every setting, ``checks`` what it may be, ``reading`` the file and the environment,
``writing`` the file that set-up lays down, ``secret`` the key; ``fresh`` follows the file, ``changing``
writes what the desk may, ``labels`` names settings for people. Holds no rule of the trade.
"""

from crisis.settings.checks import Words
from crisis.settings.fresh import FreshSettings
from crisis.settings.reading import FILE_NAME, instance_folder, load
from crisis.settings.secret import KEY_NAME, secret_key
from crisis.settings.table import (
    Alerts,
    Authority,
    Desk,
    Learning,
    Mail,
    Matching,
    Monitor,
    Playbooks,
    Retention,
    Settings,
)
from crisis.settings.writing import example_toml, reference_table

__all__ = [
    "FILE_NAME",
    "KEY_NAME",
    "Alerts",
    "Authority",
    "Desk",
    "FreshSettings",
    "Learning",
    "Mail",
    "Matching",
    "Monitor",
    "Playbooks",
    "Retention",
    "Settings",
    "Words",
    "example_toml",
    "instance_folder",
    "load",
    "reference_table",
    "secret_key",
]
