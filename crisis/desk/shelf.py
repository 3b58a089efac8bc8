"""The playbooks as they lie in the folder now, and how each stands today. Approves nothing."""

from __future__ import annotations

from crisis.desk import here
from crisis.playbooks.approval import Standing, standing
from crisis.playbooks.folder import Folder
from crisis.types import Playbook


def standings(*, drill: bool = False) -> list[tuple[Playbook, Standing]]:
    """Every readable playbook with its standing; ``drill`` counts approvals given in the exercise."""
    approvals = here.store().playbooks.approvals()
    folder = Folder(here.settings().playbook_folder)
    return [
        (playbook, standing(playbook, approvals, today=here.today(), drill=drill))
        for playbook in folder.load().playbooks
    ]


def approved(*, drill: bool = False) -> list[Playbook]:
    """Those that may be used today."""
    return [playbook for playbook, state in standings(drill=drill) if state is Standing.APPROVED]
