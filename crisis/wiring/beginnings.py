"""What a new installation is given: the first link, example rumours, an exercise."""

from __future__ import annotations

import importlib.resources
import re
from datetime import datetime

from crisis import drills, interfaces
from crisis.errors import InvalidInputError, NotFoundError
from crisis.settings import Settings
from crisis.store import Store
from crisis.wiring import clock

EXERCISE = "trinkwasser"  # the scenario offered to newcomers
MOST_BYTES = 200_000  # of a scenario; ours have 5,000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")


def setup_link(store: Store, settings: Settings, moment: datetime) -> str | None:
    """The one-time address where the first administrator signs up; None once there is one."""
    from crisis.workflows import admit

    token = admit.setup_token(store, moment)
    return None if token is None else f"{settings.base_url}/einrichten/{token}"


def load_examples(opened: interfaces.House) -> int:
    """Put our example rumours into a catalogue that has none; says how many."""
    from crisis import scope
    from crisis.rumours.exchange import read_rows
    from crisis.workflows import catalogue

    if opened.store.rumours.all(retired=True):
        return 0
    text = importlib.resources.files("crisis").joinpath("examples/rumours.jsonl").read_text("utf-8")
    rows = read_rows(text, "jsonl")
    ours = [one.code for one in scope.RUMOUR]  # whoever wrote the examples has gone through it
    report = catalogue.import_rows(opened.store, rows, None, clock.now(), confirmed=ours)
    return len(report.added)


def scenarios(settings: Settings) -> list[str]:
    """Names of all scenario files, readable or not, sorted."""
    folder = settings.playbook_folder / "uebungen"
    found = (path.stem for path in folder.glob("*.md")) if folder.is_dir() else ()
    return sorted(name for name in found if _NAME.fullmatch(name))


def scenario(settings: Settings, name: str = EXERCISE) -> drills.Scenario:
    """An exercise's script from the playbook folder. Raises NotFoundError, InvalidInputError."""
    return drills.parse(name, script(settings, name))


def script(settings: Settings, name: str) -> str:
    """The same as it stands in its file. Raises NotFoundError, InvalidInputError."""
    path = settings.playbook_folder / "uebungen" / f"{name}.md"
    if not _NAME.fullmatch(name):
        raise NotFoundError("Dieses Drehbuch gibt es nicht.", "There is no such scenario.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInputError(
                f"Das Drehbuch „{name}“ ist zu groß.", f"The scenario “{name}” is too large."
            )
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError(
            f"Das Drehbuch „{name}“ ist kein Text in UTF-8.",
            f"The scenario “{name}” is no text in UTF-8.",
        ) from error
    except OSError as error:
        raise NotFoundError(
            f"Das Drehbuch {path} lässt sich nicht lesen. Holen Sie die Datei aus der Auslieferung"
            " zurück.",
            f"The scenario {path} cannot be read. Restore the file from the distribution.",
        ) from error
